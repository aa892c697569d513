import type { Expression, Use } from './expression.js'
import type { Flaw, Rule } from './rule.js'

const PARTS = new Set(['headers', 'query', 'form'])

export const credentialMisplaced: Rule = {
  code: 'credential-misplaced',
  level: 'error',
  explanation: 'A credential stands where it could be seen or stored: only an http transition’s headers, query and form may name one, and only the executor fills it in.',
  *check({ expressions }): Iterable<Flaw> {
    for (const expression of expressions) {
      for (const use of expression.uses) {
        const wrong = use.root === 'credentials' ? fault(expression, use) : undefined
        if (wrong) yield { path: [...expression.path, ...use.at], ...wrong }
      }
    }
  },
}

function fault({ transition, site, path }: Expression, use: Use): Pick<Flaw, 'message' | 'remedy'> | undefined {
  if (transition.kind === 'command') return {
    message: 'A command gets a credential as an environment variable, never in its text.',
    remedy: `List it under credentials and read $${String(use.steps[0] ?? 'NAME')} in the program.`,
  }
  if (transition.kind !== 'http' || site !== 'do' || !PARTS.has(String(path[3]))) {
    return {
      message: `\${${use.text}} stands outside headers, query and form of an http request.`,
      remedy: 'Move it there; credentials exist nowhere else.',
    }
  }
  if (use.steps.length !== 1 || typeof use.steps[0] !== 'string') return {
    message: `\${${use.text}} is not one credential.`,
    remedy: 'Write ${credentials.NAME}.',
  }
  if (use.through.length > 1 || (use.through.length === 1 && use.through[0] !== 'base64')) {
    return {
      message: `A credential goes through ${use.through.join(', ')} here; base64 alone is allowed.`,
      remedy: `Write \${credentials.${use.steps[0]}} or \${credentials.${use.steps[0]} | base64}.`,
    }
  }
  return undefined
}
