import type { Flaw, Rule } from './rule.js'

export const credentialSource: Rule = {
  code: 'credential-source',
  level: 'error',
  explanation: 'A credential comes from somewhere that no executor can read yet: for now only `env:NAME`, the executor’s own environment.',
  *check({ net }): Iterable<Flaw> {
    for (const transition of Object.values(net.transitions)) {
      for (const [name, source] of Object.entries(transition.credentials)) {
        if (/^env:[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(source)) continue
        yield {
          path: ['transitions', transition.name, 'credentials', name],
          message: `${name} is to come from a source that is not available: only env:NAME is.`,
          remedy: `Write ${name}: env:${name} and give the executor that variable; never write the secret itself here.`,
        }
      }
    }
  },
}
