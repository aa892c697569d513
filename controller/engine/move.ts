import { canonicalText } from '../../petri/canonical.js'
import type { Json } from '../../petri/json.js'
import { formatTokenId, parseTokenId, type TokenId } from '../../petri/token.js'
import type { InboxBody, PutVerdict } from '../../protocol/inbox.js'
import type { LoadedToken } from '../store/tokens/load.js'
import { idsText, type Batch } from './batch.js'
import type { Own } from './own.js'
import { judge, putIn } from './place.js'
import { resolvePlace } from './put.js'

type Decision = { readonly status: number; readonly body: readonly PutVerdict[] }

/** A token as a person names it: where it lies, and its value. */
interface Found {
  readonly id: TokenId
  readonly place: string
  readonly data: Json
  readonly correlationId: string
}

/** A free token by its id, in memory or (dormant, orphaned) in the table; or why it cannot be had. */
export function findToken(own: Own, batch: Batch, text: string, stored: ReadonlyMap<number, LoadedToken>): Found | PutVerdict {
  const id = parseTokenId(text)
  const live = id === undefined ? undefined : own.marking.live.get(id)
  if (live) {
    if (live.holder !== 0) return { status: 409, code: 'token-held', message: `token ${text} is held by firing ${live.holder}`, remedy: 'wait until the firing is over, or stop it first' }
    return live
  }
  const born = id === undefined ? undefined : batch.born.get(id)
  if (born) return born
  const row = id === undefined || batch.gone.includes(id) ? undefined : stored.get(id)
  if (row) return { id: row.id, place: row.place, data: JSON.parse(row.data) as Json, correlationId: row.correlation }
  return { status: 404, code: 'no-such-token', message: `session ${own.session} holds no token ${text}`, remedy: `see: agenticos get tokens ${own.session}` }
}

export function isFound(found: Found | PutVerdict): found is Found {
  return 'place' in found
}

/** Lets a token leave, wherever it lies. */
export function takeFound(own: Own, batch: Batch, found: Found): void {
  const live = own.marking.live.get(found.id)
  if (live) own.marking.leave(live)
  else own.marking.leaveDormant(found.place, found.id, found.data)
  batch.take(found.id)
}

export function remove(own: Own, batch: Batch, body: InboxBody<'remove'>, stored: ReadonlyMap<number, LoadedToken>): Decision {
  const gone: TokenId[] = []
  const verdicts = body.tokens.map((text): PutVerdict => {
    const found = findToken(own, batch, text, stored)
    if (!isFound(found)) return found
    takeFound(own, batch, found)
    gone.push(found.id)
    return { status: 200, id: text }
  })
  if (gone.length > 0) batch.add('token.removed', `"by":${JSON.stringify(body.by)},"consumed":${idsText(gone)}`)
  return answer(verdicts)
}

/** Moves tokens one by one, under the rules of the place they go to: each becomes a new token there. */
export function move(own: Own, batch: Batch, body: InboxBody<'move'>, stored: ReadonlyMap<number, LoadedToken>): Decision {
  const place = resolvePlace(own, body.to)
  if (place === undefined) return answer([{ status: 404, code: 'no-such-place', message: `session ${own.session} runs no place ${body.to}`, remedy: `see: agenticos get places ${own.session}` }])
  return answer(body.tokens.map((text): PutVerdict => {
    const found = findToken(own, batch, text, stored)
    if (!isFound(found)) return found
    const wrong = place.program.misfits?.(found.data)
    if (wrong && wrong.length > 0) return { status: 422, code: 'schema-misfit', message: `token ${text} does not fit ${body.to}: ${wrong[0]!.message}`, remedy: `see the schema: agenticos describe ${own.session}/${body.to}` }
    const placing = judge(own, [{ place: place.program.address, sends: undefined, data: found.data, text: canonicalText(found.data) }], [], {}, false)
    if (!('placement' in placing)) return { status: 409, code: 'place-full', message: `${body.to} has no room for token ${text}, or holds its key`, remedy: 'make room first' }
    takeFound(own, batch, found)
    const arrival = putIn(own, batch, placing.placement, { by: 'moved', parents: [found.id], depth: 0, correlationId: found.correlationId })
    batch.add('token.moved', `"by":${JSON.stringify(body.by)},"from":${JSON.stringify(found.place)},"consumed":${idsText([found.id, ...arrival.left])},"correlation":${JSON.stringify(found.correlationId)},"produced":${arrival.text}`)
    const id = arrival.ids[0]
    return id === undefined ? { status: 200 } : { status: 201, id: formatTokenId(id) }
  }))
}

export function answer(verdicts: readonly PutVerdict[]): Decision {
  return { status: verdicts.length === 1 ? verdicts[0]!.status : 207, body: verdicts }
}
