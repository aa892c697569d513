import { duration, formatDuration } from '../duration.js'
import { isObject } from '../json.js'
import { size } from '../size.js'
import { MAX_DECLARED, MOST_TOKEN_BYTES } from './normalise/place.js'
import type { Flaw, Rule } from './rule.js'

const DAY = 86_400_000

export const outOfBounds: Rule = {
  code: 'out-of-bounds',
  level: 'error',
  explanation: 'A number, size or time lies outside what the runtime can keep.',
  *check({ file, net }): Iterable<Flaw> {
    for (const [name, place] of Object.entries(file.places ?? {})) {
      const at = ['places', name]
      if (place.maxBytes !== undefined && (size(place.maxBytes) ?? 0) > MOST_TOKEN_BYTES) yield { path: [...at, 'maxBytes'], ...most('A token', '8MiB') }
      if (typeof place.tokens === 'number' && place.tokens > MAX_DECLARED) {
        yield {
          path: [...at, 'tokens'],
          message: `${place.tokens} declared tokens are more than a file may declare.`,
          remedy: `Declare at most ${MAX_DECLARED}, and put the rest.`,
        }
      }
      if (place.ttl !== undefined && duration(place.ttl) === 0) yield { path: [...at, 'ttl'], ...above('ttl') }
    }
    for (const transition of Object.values(net.transitions)) {
      const at = ['transitions', transition.name]
      const { timeout, retry, schedule, action, approval } = transition
      const written = file.transitions?.[transition.name]
      if (written?.timeout !== undefined && timeout === 0) yield { path: [...at, 'timeout'], ...above('timeout') }
      if (timeout > DAY) yield {
        path: [...at, 'timeout'],
        message: `A timeout of ${formatDuration(timeout)} holds a slot and its tokens for over a day.`,
        remedy: 'Give at most 24h; start long work with one transition and fetch its result with another.',
      }
      if (retry.backoff[0] > retry.backoff[1]) {
        yield {
          path: [...at, 'retry', 'backoff'],
          message: `The shortest wait (${formatDuration(retry.backoff[0])}) is longer than the longest (${formatDuration(retry.backoff[1])}).`,
          remedy: 'Write the shorter one first, as 2s..60s.',
        }
      }
      if (schedule && 'every' in schedule && schedule.every === 0) yield { path: [...at, 'schedule', 'every'], ...above('every') }
      if (approval?.expires === 0) yield { path: [...at, 'approval', 'expires'], ...above('expires') }
      if (isObject(action ?? undefined) && typeof action?.['maxBytes'] === 'number' && action['maxBytes'] > MOST_TOKEN_BYTES) yield { path: [...at, 'do', 'maxBytes'], ...most('The output', '8MiB') }
    }
  },
}

function above(key: string): Pick<Flaw, 'message' | 'remedy'> {
  return { message: `${key} is no time at all.`, remedy: `Give ${key} a duration above 0, such as 30s.` }
}

function most(what: string, limit: string): Pick<Flaw, 'message' | 'remedy'> {
  return {
    message: `${what} may have ${limit} at most.`,
    remedy: `Set maxBytes to ${limit} or less, and pass larger things by name (a file, an address).`,
  }
}
