import type { Flaw, Rule } from './rule.js'

export const oneForm: Rule = {
  code: 'one-form',
  level: 'error',
  explanation: 'A command has exactly one of argv, pipeline and script, and a request at most one of json, form and text.',
  *check({ file }): Iterable<Flaw> {
    for (const [name, transition] of Object.entries(file.transitions ?? {})) {
      const path = ['transitions', name, 'do']
      if (transition.kind === 'http') {
        const bodies = (['json', 'form', 'text'] as const).filter((key) => transition.do[key] !== undefined)
        if (bodies.length > 1) yield {
          path: [...path, bodies[1]!],
          message: `A request has one body, and this has ${bodies.join(' and ')}.`,
          remedy: `Keep one of ${bodies.join(' and ')}.`,
        }
        if (bodies.length > 0 && (transition.do.method === 'HEAD' || (transition.do.method ?? 'GET') === 'GET')) {
          yield {
            path: [...path, bodies[0]!],
            message: `A ${transition.do.method ?? 'GET'} request has no body.`,
            remedy: 'Set method: POST, or move the values to query.',
          }
        }
      }
      if (transition.kind !== 'command') continue
      const forms = (['argv', 'pipeline', 'script'] as const).filter((key) => transition.do[key] !== undefined)
      if (forms.length === 0) yield { path, message: 'The command says nothing to run.', remedy: 'Add argv: [program, argument].' }
      if (forms.length > 1) yield {
        path: [...path, forms[1]!],
        message: `A command has one form, and this has ${forms.join(' and ')}.`,
        remedy: `Keep one of ${forms.join(' and ')}.`,
      }
      if (transition.do.allow !== undefined && transition.do.pipeline === undefined) yield {
        path: [...path, 'allow'],
        message: 'allow says what a pipeline may run, and there is none.',
        remedy: 'Remove allow, or write the command as a pipeline.',
      }
    }
  },
}
