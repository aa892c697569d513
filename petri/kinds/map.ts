import { z } from 'zod'
import { json, object } from '../scalar.js'

/** map: the result is the filled template. */
export const mapDo = object({
  template: json.describe('Any JSON with ${}; the filled template is the result.'),
}).describe('How the result is made.')
export type MapDo = z.infer<typeof mapDo>
