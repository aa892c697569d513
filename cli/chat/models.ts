import { API } from '../../protocol/api.js'
import type { ModelAnswer } from '../../protocol/api/models.js'
import type { Shell } from '../shell.js'

/** The models that nets may name, as models.yaml of the applied commit has them. */
export async function modelsOf(shell: Shell): Promise<readonly ModelAnswer[]> {
  return (await shell.client().call(API.listModels)).items
}
