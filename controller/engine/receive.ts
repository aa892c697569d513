import { canonicalText } from '../../petri/canonical.js'
import { matchesGlob } from '../../petri/glob.js'
import type { InboxBody } from '../../protocol/inbox.js'
import { idsText, type Batch } from './batch.js'
import type { Own } from './own.js'
import { judge, putIn } from './place.js'
import { resolvePlace } from './put.js'

/** A token from another session. What its place refuses becomes a dead letter here; the sender is never failed by it. */
export function receive(own: Own, batch: Batch, body: InboxBody<'send'>, key: string): void {
  const place = resolvePlace(own, body.place)
  const sender = body.from.split('/')[0] ?? ''
  const open = place?.program.place.open?.some((pattern) => matchesGlob(pattern, sender)) ?? false
  const text = canonicalText(body.data)
  const wrong = place?.program.misfits?.(body.data)[0]
  const placing = place && open && !wrong ? judge(own, [{ place: place.program.address, sends: undefined, data: body.data, text }], [], {}, false) : undefined
  const birth = { by: 'sent', parents: [], depth: body.depth, correlationId: body.correlationId }
  const head = `"from":${JSON.stringify(body.from)},"key":${JSON.stringify(key)},"depth":${body.depth},"correlation":${JSON.stringify(body.correlationId)}`
  if (placing && 'placement' in placing) {
    const arrival = putIn(own, batch, placing.placement, birth)
    batch.add('token.received', `${head},"consumed":${idsText(arrival.left)},"parents":[],"produced":${arrival.text}`)
    return
  }
  const reason = place === undefined ? `there is no place ${body.place}` : !open ? `${body.place} is not open to session ${sender}` : wrong ? `it does not fit: ${wrong.message}` : placing && 'fault' in placing ? placing.fault.message : `${body.place} is full`
  const net = body.place.split('/')[0] ?? ''
  const data = { transition: body.from, error: { code: 'send-refused', message: reason, attempts: 1, detail: null }, input: { sent: body.data }, firing: key, revision: own.revision, attempts: 1, tokens: [{ place: body.place, data: body.data, correlationId: body.correlationId }] }
  const home = own.program.nets.has(net) ? net : ([...own.program.nets.keys()][0] ?? net)
  const arrival = putIn(own, batch, { products: [{ place: `${home}/_failed`, sends: undefined, data, text: canonicalText(data) }], ignored: undefined, replaced: [] }, { ...birth, depth: 0 })
  batch.add('token.received', `${head},"refused":${JSON.stringify(reason)},"produced":${arrival.text}`)
}
