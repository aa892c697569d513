import { z } from 'zod'

/** Which version of a net is meant. */
export const refParameter = z.string().min(1).max(200).default('draft')
  .describe('draft (yours; what main has, where you have none), running (what is applied), or a branch or commit. draft unless given.')

/** What every answer about a version of a net says of it. */
export const refAnswer = {
  net: z.string().describe('session/net.'),
  ref: z.string().describe('Which version it is.'),
  commit: z.string(),
}
