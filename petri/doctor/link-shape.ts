import type { InputObject } from '../inscription.js'
import type { Flaw, Rule } from './rule.js'

const DEAD_KEYS = ['drop', 'schedule', 'retry', 'timeout', 'concurrency', 'rate', 'executor', 'credentials', 'budget', 'approval', 'cost'] as const

export const linkShape: Rule = {
  code: 'link-shape',
  level: 'error',
  explanation: 'A link is an edge between exactly two places and never fires, so anything that speaks of firing has no meaning on it.',
  *check({ file }): Iterable<Flaw> {
    for (const [name, transition] of Object.entries(file.transitions ?? {})) {
      if (transition.kind !== 'link') continue
      const path = ['transitions', name]
      const inputs = Object.entries(transition.in ?? {})
      const outputs = Object.entries(transition.out ?? {})
      if (inputs.length !== 1 || outputs.length !== 1) {
        yield {
          path,
          message: `A link joins one place to one other; this has ${inputs.length} in and ${outputs.length} out.`,
          remedy: 'Write one link for each pair of places.',
        }
      }
      for (const [variable, arc] of inputs) {
        if (typeof arc === 'string') continue
        for (const key of Object.keys(arc) as (keyof InputObject)[]) {
          if (key !== 'from') yield {
            path: [...path, 'in', variable, key],
            message: `A link never fires, so ${key} means nothing on it.`,
            remedy: `Remove ${key}, or make it a pass transition.`,
          }
        }
      }
      for (const [to, arc] of outputs) {
        const keys = Array.isArray(arc) ? ['a list'] : Object.keys(arc)
        for (const key of keys) yield {
          path: [...path, 'out', to],
          message: `A link never fires, so ${key} means nothing on it.`,
          remedy: `Write ${to}: {}.`,
        }
      }
      for (const key of DEAD_KEYS) {
        if (transition[key] !== undefined) yield {
          path: [...path, key],
          message: `A link never fires, so ${key} means nothing on it.`,
          remedy: `Remove ${key}.`,
        }
      }
    }
  },
}
