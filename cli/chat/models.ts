import { z } from 'zod'
import { get } from '../../protocol/api/route.js'
import { ProblemError } from '../../protocol/client.js'
import type { Shell } from '../shell.js'

const listModels = get({ path: '/v1/models', scope: 'read', title: 'List models', answer: z.looseObject({ items: z.array(z.looseObject({ name: z.string(), provider: z.string() })) }) })

/** The models that nets may name, as models.yaml of the applied commit has them. */
export async function modelsOf(shell: Shell): Promise<readonly { readonly name: string; readonly provider: string }[]> {
  try {
    return (await shell.client().call(listModels)).items
  } catch (error) {
    if (error instanceof ProblemError && error.problem.status === 404) return []
    throw error
  }
}
