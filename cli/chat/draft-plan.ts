import type { Plan } from '../../petri/plan.js'
import { API } from '../../protocol/api.js'
import { ProblemError } from '../../protocol/client.js'
import type { Shell } from '../shell.js'
import { SYSTEM } from './conversation.js'

/** What the draft of a conversation means against main; undefined while it has none, or has errors and means nothing yet. */
export async function draftPlan(shell: Shell, conversation: string): Promise<Plan | undefined> {
  try {
    // a conversation of ours is named so that its draft can be (controller/api/tools/draft-key.ts)
    const { plan, findings } = await shell.client().call(API.compare, { query: { head: `drafts/${SYSTEM}/${conversation}` } })
    return findings.some((one) => one.level === 'error') ? undefined : plan as unknown as Plan
  } catch (error) {
    if (error instanceof ProblemError && error.problem.status < 500) return undefined
    throw error
  }
}
