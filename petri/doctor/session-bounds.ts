import type { Flaw } from './rule.js'
import type { SessionRule } from './session-rule.js'

export const sessionBounds: SessionRule = {
  code: 'session-bounds',
  level: 'error',
  explanation: 'A limit of the session is so low that nothing could ever happen in it.',
  *check(_, config): Iterable<Flaw> {
    if (config.retention === 0) yield {
      path: ['retention', 'events'],
      message: 'Events are kept for no time at all.',
      remedy: 'Keep them for a while, such as 90d.',
    }
    if (config.limits.firings.limit === 0) yield {
      path: ['limits', 'firings'],
      message: 'No firing is allowed.',
      remedy: 'Allow some, such as 10m/d; to hold a session still, stop it.',
    }
  },
}
