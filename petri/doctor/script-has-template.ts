import type { Flaw, Rule } from './rule.js'

export const scriptHasTemplate: Rule = {
  code: 'script-has-template',
  level: 'error',
  explanation: 'A script holds `${...}`: data that is spliced into shell text can become a command, so values go through `env`.',
  *check({ file }): Iterable<Flaw> {
    for (const [name, transition] of Object.entries(file.transitions ?? {})) {
      const script = transition.kind === 'command' ? transition.do.script : undefined
      const found = script === undefined ? null : /(^|[^$])(\$\{[^}]{0,80}\}?)/.exec(script)
      if (!found) continue
      yield {
        path: ['transitions', name, 'do', 'script'],
        message: `The script holds ${found[2]}.`,
        remedy: 'Give the value under env (VALUE: \'${...}\') and write "$VALUE" in the script; for a shell variable write $VALUE without braces.',
      }
    }
  },
}
