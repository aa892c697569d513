import { z } from 'zod'
import { anyJson, get, post } from './route.js'

export const toolAnswer = z.object({
  name: z.string(),
  /** read, write, execute, http, logs, control */
  tier: z.string(),
  /** reads, tokens, draft, operates, outside, control: `reads` may run beside others */
  touch: z.string(),
  description: z.string(),
  /** JSON Schema */
  parameters: anyJson,
})
export type ToolAnswer = z.infer<typeof toolAnswer>

export const toolRoutes = {
  listTools: get({
    path: '/v1/tools', scope: 'read', capability: true, title: 'The tools that the caller may use',
    answer: z.object({ role: z.string(), items: z.array(toolAnswer) }),
  }),
  callTool: post({
    path: '/v1/tools/:tool', scope: 'read', capability: true, title: 'Call a tool; the role of the token or capability decides which',
    body: anyJson, answer: anyJson, bodyLimit: 9 * 1024 * 1024,
  }),
}
