import type { ModelGrant } from '../../protocol/model.js'
import type { Outcome } from '../../protocol/effect.js'
import { checkModel } from '../llm/check-model.js'
import type { Bench } from '../kinds/kind.js'

/** One model, tried for each thing it is said to be able to do. One that fails is a result, not a failure. */
export async function checkOne(model: ModelGrant, bench: Bench, signal: AbortSignal): Promise<Outcome> {
  return { status: 'done', result: (await checkModel(bench, model, signal)) as never }
}
