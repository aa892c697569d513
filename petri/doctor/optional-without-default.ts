import type { Flaw, Rule } from './rule.js'

export const optionalWithoutDefault: Rule = {
  code: 'optional-without-default',
  level: 'warning',
  explanation: 'The work of a transition reads into an optional input without `default`, so it fails whenever that input is absent.',
  *check({ expressions }): Iterable<Flaw> {
    for (const { site, path, transition, uses } of expressions) {
      if (site !== 'do') continue
      for (const use of uses) {
        const arc = transition.inputs.find((one) => one.variable === use.root)
        if (!arc?.optional || arc.mode === 'inhibit' || arc.take.form !== 'one' || use.steps.length === 0 || use.optional || use.through.includes('default')) continue
        yield {
          path: [...path, ...use.at],
          message: `\${${use.text}} fails when ${use.root} is absent, and ${use.root} is optional.`,
          remedy: `Write \${${use.root}.${use.steps.join('.')} | default(...)}, or make the input required.`,
        }
      }
    }
  },
}
