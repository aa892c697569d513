import type { Plan } from '../../petri/plan.js'
import { API } from '../../protocol/api.js'
import type { Shell } from '../shell.js'

/** What the draft of a conversation means against main; undefined while it has none, or has errors and means nothing yet. */
export async function draftPlan(shell: Shell, conversation: string): Promise<Plan | undefined> {
  const { items } = await shell.client().call(API.listDrafts, { query: { limit: 1000 } })
  const draft = items.find((one) => one.conversation === conversation)
  if (draft === undefined) return undefined
  const { plan, findings } = await shell.client().call(API.compare, { query: { head: draft.branch } })
  return findings.some((one) => one.level === 'error') ? undefined : plan as unknown as Plan
}
