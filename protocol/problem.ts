import { z } from 'zod'

export const findingAnswer = z.object({
  code: z.string(),
  level: z.enum(['error', 'warning', 'info']),
  file: z.string(),
  line: z.int(),
  column: z.int(),
  element: z.string(),
  message: z.string(),
  remedy: z.string(),
})

/** Every error answer of the API (RFC 9457, `application/problem+json`). `code` has a row in docs/errors.md. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  remedy: z.string(),
  findings: z.array(findingAnswer).optional(),
  details: z.json().optional(),
})
export type Problem = z.infer<typeof problem>

export const PROBLEM_TYPE = 'application/problem+json'
