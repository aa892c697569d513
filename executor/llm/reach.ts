import type { ExecutorOptions } from '../config.js'
import { Breakers } from '../kinds/breakers.js'
import { createEgress, type Egress, type Resolver } from '../kinds/egress.js'

/** What an executor reaches models with: connections and breakers that nets' own http has no part in. */
export interface ModelReach {
  readonly egress: Egress
  readonly breakers: Breakers
}

/** Where models may be called is a setting of its own, so that a model on this machine opens nothing for nets. */
export function modelReach(options: Pick<ExecutorOptions, 'modelEgress'>, resolver?: Resolver): ModelReach {
  return { egress: createEgress(options.modelEgress, resolver), breakers: new Breakers() }
}
