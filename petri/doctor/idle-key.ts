import { PURE_KINDS } from '../net.js'
import type { Flaw, Rule } from './rule.js'

const OF_EFFECTS = ['retry', 'timeout', 'concurrency', 'executor', 'credentials', 'cost', 'budget'] as const

export const idleKey: Rule = {
  code: 'idle-key',
  level: 'warning',
  explanation: 'A key that only outside work knows stands on a transition that is done at once, or a key stands without the one it serves.',
  *check({ file }): Iterable<Flaw> {
    for (const [name, transition] of Object.entries(file.transitions ?? {})) {
      if (!PURE_KINDS.has(transition.kind) || transition.kind === 'link') continue
      for (const key of OF_EFFECTS) {
        if (transition[key] === undefined) continue
        yield {
          path: ['transitions', name, key],
          message: `${transition.kind} is done inside one step and never ${VERBS[key]}.`,
          remedy: `Remove ${key}.`,
        }
      }
    }
    for (const [name, place] of Object.entries(file.places ?? {})) {
      if (place.onDuplicate !== undefined && place.key === undefined && place.shares === undefined) {
        yield {
          path: ['places', name, 'onDuplicate'],
          message: `${name} has no key, so no token is ever a duplicate.`,
          remedy: 'Add key: with the path that is to be unique, or remove onDuplicate.',
        }
      }
    }
  },
}

const VERBS: Readonly<Record<(typeof OF_EFFECTS)[number], string>> = {
  retry: 'is tried again',
  timeout: 'times out',
  concurrency: 'runs beside itself',
  executor: 'goes to an executor',
  credentials: 'uses a credential',
  cost: 'spends money outside',
  budget: 'spends money',
}
