import { z } from 'zod'
import { choice, json, object, size, table, text } from '../scalar.js'

const value = z.union([z.string(), z.number(), z.boolean()], { error: 'must be a text, a number, true or false' })
const fields = table(z.string(), z.union([value, z.array(value)], { error: 'must be a text, a number, true or false, or a list of those' }))

export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
export const STATUS = /^[1-5](\d\d|xx)$/

/** http: one request. At most one of json, form, text. */
export const httpDo = object({
  method: choice(METHODS).describe('Request method; GET unless given.').exactOptional(),
  url: text.min(1).describe('Whole URL. Exactly one ${} is a whole URL; else ${} stands only after the host.'),
  headers: table(z.string(), value).describe('Request headers; a credential may stand here.').exactOptional(),
  query: fields.describe('Query parameters; a list repeats its name; a credential may stand here.').exactOptional(),
  json: json.describe('JSON body, any JSON with ${}.').exactOptional(),
  form: fields.describe('Form body (application/x-www-form-urlencoded); a credential may stand here.').exactOptional(),
  text: text.describe('Text body.').exactOptional(),
  expect: z.array(z.union([z.int().min(100).max(599), z.string().regex(STATUS)], { error: 'must be a status such as 200 or 2xx' })).min(1)
    .describe('Statuses that are a success; [2xx] unless given.').exactOptional(),
  maxBytes: size.describe('Most bytes of the answer; 256KiB unless given.').exactOptional(),
  parse: choice(['json', 'lines', 'xml']).describe('Adds `value` to the result.').exactOptional(),
}).describe('The request.')
export type HttpDo = z.infer<typeof httpDo>
