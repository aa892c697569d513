import { canonicalText } from '../../petri/canonical.js'
import type { Product } from '../../petri/fire.js'
import { isObject, type Json } from '../../petri/json.js'
import type { InboxBody, PutVerdict } from '../../protocol/inbox.js'
import type { LoadedToken } from '../store/tokens/load.js'
import { idsText, type Batch } from './batch.js'
import { answer, findToken, isFound, takeFound } from './move.js'
import type { Own } from './own.js'
import { judge, putIn, type Placing } from './place.js'

/** Puts a dead letter's inputs back under today's rules, all or none, or drops it for good. */
export function deadLetter(own: Own, batch: Batch, body: InboxBody<'dead'>, stored: ReadonlyMap<number, LoadedToken>): { readonly status: number; readonly body: readonly PutVerdict[] } {
  const found = findToken(own, batch, body.token, stored)
  if (!isFound(found)) return answer([found])
  if (!found.place.endsWith('/_failed')) {
    return answer([{ status: 409, code: 'not-a-dead-letter', message: `token ${body.token} lies in ${found.place}, not among dead letters`, remedy: `see: agenticos get failed ${own.session}` }])
  }
  if (body.verb === 'drop') {
    takeFound(own, batch, found)
    batch.add('deadletter.dropped', `"by":${JSON.stringify(body.by)},"consumed":${idsText([found.id])}`)
    return answer([{ status: 200, id: body.token }])
  }
  const products = inputsOf(found.data)
  const gone = products.find((product) => !own.marking.places.has(product.place))
  const misfit = products.map((product) => own.marking.places.get(product.place)?.program.misfits?.(product.data)[0]).find((wrong) => wrong !== undefined)
  const placing = judge(own, products, [], {}, false)
  if (gone || misfit || !('placement' in placing)) {
    const message = gone ? `the place ${gone.place} is not in the net any more` : misfit ? `an input does not fit its place any more: ${misfit.message}` : refusal(placing)
    return answer([{ status: 409, code: 'cannot-retry', message, remedy: 'put the values elsewhere (agenticos put), or drop the dead letter (agenticos drop)' }])
  }
  takeFound(own, batch, found)
  const arrival = putIn(own, batch, placing.placement, { by: 'retried', parents: [found.id], depth: 0, correlationId: found.correlationId })
  batch.add('deadletter.retried', `"by":${JSON.stringify(body.by)},"consumed":${idsText([found.id, ...arrival.left])},"correlation":${JSON.stringify(found.correlationId)},"produced":${arrival.text}`)
  const transition = isObject(found.data) ? own.marking.transitions.get(`${found.place.split('/')[0]}/${String(found.data['transition'])}`) : undefined
  if (transition) transition.failures = 0
  return answer([{ status: 200, id: body.token }])
}

function refusal(placing: Placing): string {
  if ('fault' in placing) return placing.fault.message
  return 'full' in placing ? `${placing.full.program.address} has no room` : ''
}

function inputsOf(letter: Json): Product[] {
  const tokens = isObject(letter) ? letter['tokens'] : undefined
  if (!Array.isArray(tokens)) return []
  return tokens.flatMap((token: Json) => (isObject(token) && typeof token['place'] === 'string' && token['data'] !== undefined
    ? [{ place: token['place'], sends: undefined, data: token['data'], text: canonicalText(token['data']) }] : []))
}
