import { canonicalText, utf8Length } from '../../petri/canonical.js'
import type { Product } from '../../petri/fire.js'
import type { Json } from '../../petri/json.js'
import type { PlaceState } from '../../petri/place-state.js'
import { formatTokenId } from '../../petri/token.js'
import type { InboxBody, PutVerdict } from '../../protocol/inbox.js'
import { idsText, type Batch } from './batch.js'
import type { Own } from './own.js'
import { judge, putIn } from './place.js'

/** Decides a put token by token; what is taken enters under one event. Answers one verdict a token, in order. */
export function put(own: Own, batch: Batch, body: InboxBody<'put'>): PutVerdict[] {
  const place = resolvePlace(own, body.place)
  if (place === undefined) {
    const verdict: PutVerdict = { status: 404, code: 'no-such-place', message: `session ${own.session} runs no place ${body.place}`, remedy: `see: agenticos get places ${own.session}` }
    return body.tokens.map(() => verdict)
  }
  const verdicts: PutVerdict[] = []
  let produced = ''
  let ordinal = 0
  const left: number[] = []
  let ignored = 0
  for (const token of body.tokens) {
    const text = canonicalText(token.data)
    const refusal = misfit(own, place, token.data, text)
    if (refusal) {
      verdicts.push(refusal)
      continue
    }
    const product: Product = { place: place.program.address, sends: undefined, data: token.data, text }
    const placing = judge(own, [product], [], {}, false)
    if (!('placement' in placing)) {
      verdicts.push('full' in placing
        ? { status: 409, code: 'place-full', message: `${place.program.address} is full: its capacity is ${place.program.place.capacity}`, remedy: 'wait until some are consumed, or raise capacity by a proposal' }
        : { status: 409, code: placing.fault.code, message: placing.fault.message, remedy: 'use another key, or choose onDuplicate: replace or ignore by a proposal' })
      continue
    }
    const correlationId = token.correlationId ?? ''
    const arrival = putIn(own, batch, placing.placement, { by: 'put', parents: [], depth: 0, correlationId }, ordinal)
    left.push(...arrival.left)
    const id = arrival.ids[0]
    if (id === undefined) {
      ignored++
      verdicts.push({ status: 200, code: 'ignored', message: `${place.program.address} holds a token with this key already and ignores others` })
      continue
    }
    ordinal++
    produced += `${produced === '' ? '' : ','}{"place":"${place.program.address}","data":${text}${correlationId === '' ? '' : `,"correlation":${JSON.stringify(correlationId)}`}}`
    if (correlationId !== '') batch.about(place.program.address, correlationId)
    verdicts.push({ status: 201, id: formatTokenId(id) })
  }
  const refused = verdicts.filter((verdict) => verdict.status >= 400).length
  if (ordinal > 0 || left.length > 0 || ignored > 0) {
    batch.add('token.put', `"by":${JSON.stringify(body.by)},"place":"${place.program.address}","consumed":${idsText(left)},"parents":[],"produced":[${withoutParents(produced, left)}]`
      + (refused > 0 ? `,"refused":${refused}` : '') + (ignored > 0 ? `,"ignored":${ignored}` : ''))
  } else if (refused > 0) {
    const first = verdicts.find((verdict) => verdict.status >= 400)!
    batch.note('token.refused', { by: body.by, place: place.program.address, refused, code: first.code, message: first.message })
  }
  return verdicts
}

/** A put token has no parents, though its event consumes what it replaced. */
function withoutParents(produced: string, left: readonly number[]): string {
  return left.length === 0 ? produced : produced.replaceAll('{"place":', '{"parents":[],"place":')
}

/** The place that `net/place` names: the owner's, when that place is shared. */
export function resolvePlace(own: Own, name: string): PlaceState | undefined {
  const [net = '', place = ''] = name.split('/')
  const places = own.program.nets.get(net)?.places
  const address = places && Object.hasOwn(places, place) ? places[place]!.address : undefined
  return address === undefined ? undefined : own.marking.places.get(address)
}

function misfit(own: Own, place: PlaceState, data: Json, text: string): PutVerdict | undefined {
  const { maxBytes } = place.program.place
  if (utf8Length(text) > maxBytes) {
    return { status: 422, code: 'token-too-large', message: `the token has more than the ${maxBytes} bytes that ${place.program.address} takes`, remedy: 'put a smaller token, or a reference to the data' }
  }
  const wrong = place.program.misfits?.(data)
  if (wrong && wrong.length > 0) {
    return { status: 422, code: 'schema-misfit', message: `the token does not fit the schema of ${place.program.address}: ${wrong[0]!.path || '$'} ${wrong[0]!.message}`, remedy: `see the schema: agenticos describe ${own.session}/${place.program.address}` }
  }
  const { tokens } = own.program.config.limits
  if (own.marking.live.size >= tokens && place.program.consumers.length > 0) {
    return { status: 409, code: 'too-many-tokens', message: `session ${own.session} holds its ${tokens} live tokens (limits.tokens)`, remedy: 'let some be consumed, raise limits.tokens, or split the work into sessions' }
  }
  return undefined
}
