import type { AgentRequest } from '../../protocol/effect.js'
import { outOfTime, withExchange } from '../agent/exchange.js'
import { runAgent } from '../agent/loop.js'
import { Tally } from '../agent/tally.js'
import type { LongKind } from './kind.js'

/** agent: a model with tools until it says DONE; every call of either is granted, recorded and numbered. */
export const agent: LongKind<AgentRequest> = (effect, _credentials, bench, signal) => {
  const tally = new Tally(effect.request.maxIterations)
  const words = { partial: () => tally.partial(), late: () => outOfTime('cap-time', effect.timeoutMs, tally.partial()) }
  return withExchange(effect, bench, signal, words, (exchange) => runAgent(exchange, effect.request, tally))
}
