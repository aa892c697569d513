import type { z } from 'zod'
import { misread } from '../../protocol/misread.js'
import { fail } from '../errors.js'

/** A request's body as its schema says it is, or the refusal that names what is not. */
export function parse<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const read = schema.safeParse(body)
  if (read.success) return read.data
  const { path, message, remedy } = misread(read.error.issues[0]!, schema)
  return fail('bad-request', `${path || 'the body'}: ${message}`,
    remedy ?? 'send what protocol/ of this version describes; is the executor as new as the controller?')
}
