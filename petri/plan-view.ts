import { canonicalText } from './canonical.js'
import { formatDuration } from './duration.js'
import type { Json, JsonObject } from './json.js'
import type { InputArc, Net, OutputArc, Place, SessionConfig, Take, Transition } from './net.js'
import { formatSize } from './size.js'

/** A place as a plan compares and shows it: in the words of the language. Of a shared place only what this net says; the rest is the owner's. */
export function placeView(place: Place): JsonObject {
  const { name: _, address, tokens: __, maxBytes, ttl, ...rest } = place
  if (place.shares !== undefined) return { ...words(place), shares: address }
  return { ...rest, maxBytes: formatSize(maxBytes), ...(ttl === undefined ? {} : { ttl: formatDuration(ttl) }) }
}

/** Declared tokens in an order of their own: the order in the file means nothing. */
export function tokensView(place: Place): readonly string[] {
  return place.tokens.map(canonicalText).sort()
}

/** What a transition says besides its arcs. */
export function inscriptionView(transition: Transition): JsonObject {
  const { name: _, inputs: __, outputs: ___, action, retry, timeout, schedule, rate, approval, budget, ...rest } = transition
  return {
    ...rest,
    ...(action === null ? {} : { do: written(action) }),
    retry: { attempts: retry.attempts, backoff: `${formatDuration(retry.backoff[0])}..${formatDuration(retry.backoff[1])}` },
    timeout: formatDuration(timeout),
    ...(schedule === undefined ? {} : { schedule: 'every' in schedule ? { ...schedule, every: formatDuration(schedule.every) } : { ...schedule } }),
    ...(rate === undefined ? {} : { rate: { limit: `${rate.limit} in ${formatDuration(rate.window)}`, ...(rate.per === undefined ? {} : { per: rate.per }) } }),
    ...(budget === undefined ? {} : { budget: { ...budget } }),
    ...(approval === undefined ? {} : { approval: { by: approval.by, ...(approval.expires === undefined ? {} : { expires: formatDuration(approval.expires) }) } }),
  }
}

/** Of an agent's action, what stands in the file: what follows from its arcs is told by them. */
function written(action: JsonObject): JsonObject {
  const { inputs: _, writes: __, ...rest } = action
  return rest
}

export function inputView(arc: InputArc): JsonObject {
  const { variable: _, address: __, take, after, ...rest } = arc
  return { ...rest, take: takeView(take), ...(after === undefined ? {} : { after: typeof after === 'number' ? formatDuration(after) : after }) }
}

function takeView(take: Take): Json {
  if (take.form === 'exactly') return take.n
  return take.form === 'upTo' ? { upTo: take.n } : take.form
}

export function outputView(arc: OutputArc): JsonObject {
  const { on, when, tools, each } = arc
  return { ...(each === undefined ? {} : { each }), emit: arc.emit, ...(tools ? { tools } : {}), when: whenView(on, when) }
}

function whenView(on: OutputArc['on'], when: OutputArc['when']): string {
  if (when === 'always') return on
  const condition = when === 'otherwise' ? when : when.condition
  return on === 'error' ? `error AND ${condition}` : condition
}

/** What a net says besides its places and transitions. */
export function netView(net: Net): JsonObject {
  return { ...words(net), ...(net.budget ? { budget: { ...net.budget } } : {}), params: net.params }
}

export function configView(config: SessionConfig): JsonObject {
  const { session: _, retention, limits, budget, ...rest } = config
  return {
    ...rest,
    ...(budget ? { budget: { ...budget } } : {}),
    retention: formatDuration(retention),
    limits: { ...limits, firings: `${limits.firings.limit} in ${formatDuration(limits.firings.window)}`, logBytes: limits.logBytes === null ? null : formatSize(limits.logBytes) },
  }
}

function words({ title, description }: { readonly title?: string; readonly description?: string }): JsonObject {
  return { ...(title === undefined ? {} : { title }), ...(description === undefined ? {} : { description }) }
}
