import { z } from 'zod'
import { modelCheck } from '../model.js'
import { post } from './route.js'

export const modelCheckAnswer = modelCheck.extend({
  /** the executor that called it */
  executor: z.string(),
  usd: z.number(),
})
export type ModelCheckAnswer = z.infer<typeof modelCheckAnswer>

export const modelCheckRoutes = {
  checkModel: post({
    path: '/v1/models/:model/check', scope: 'operate', title: 'Call a model once for each thing it is said to be able to do; what that costs is booked',
    answer: modelCheckAnswer,
  }),
}
