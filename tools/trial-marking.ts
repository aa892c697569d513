import { compile, type Program } from '../petri/compile.js'
import { boundedText } from '../petri/canonical.js'
import type { Json } from '../petri/json.js'
import { LiveToken } from '../petri/live-token.js'
import { Marking } from '../petri/marking.js'
import { DEFAULT_LIMITS, type Net } from '../petri/net.js'
import { parseTokenId } from '../petri/token.js'
import type { ListedToken } from './desk.js'

const MOST_BYTES = 8 * 2 ** 20

/** A token as a try-out takes it; `id` where it lies in the marking already. */
export interface Trial {
  readonly place: string
  readonly data: Json
  readonly token?: ListedToken
}

/** A marking in memory that holds these tokens: nothing that is done to it happens anywhere else. */
export function trialMarking(session: string, nets: Iterable<Net>, tokens: readonly Trial[], now: number): { program: Program; marking: Marking } {
  const program = compile({ session, params: {}, retention: 0, limits: DEFAULT_LIMITS }, 1, [...nets])
  const marking = new Marking(program)
  tokens.forEach(({ place, data, token }, nth) => {
    const live = new LiveToken({
      id: (token && parseTokenId(token.id)) ?? nth + 1, place, data, text: boundedText(data, MOST_BYTES), createdAt: token ? Date.parse(token.createdAt) : now - 1,
      producedBy: token?.producedBy ?? 'put', parents: [], depth: 0, correlationId: token?.correlationId ?? `trial-${nth + 1}`,
    })
    marking.enter(live, now)
    if (token?.state === 'reserved') marking.reserve(live, -1)
  })
  return { program, marking }
}
