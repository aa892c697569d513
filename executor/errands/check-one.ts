import type { ModelGrant } from '../../protocol/model.js'
import type { Outcome } from '../../protocol/effect.js'
import { failed } from '../failed.js'
import type { Bench } from '../kinds/kind.js'

/** One model, tried for each thing it is said to be able to do. A model that fails is a result, not a failure. */
export function checkOne(model: ModelGrant, _bench: Bench, _signal: AbortSignal): Promise<Outcome> {
  return Promise.resolve(failed('executor-failed', `this executor cannot try model ${model.name}`))
}
