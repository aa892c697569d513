import type { DraftPort } from '../../../tools/desk.js'
import { Refusal } from '../../../tools/tool.js'
import { Failure, type FailureCode } from '../../errors.js'
import type { Actor } from '../../forge/commit.js'
import type { DraftName } from '../../forge/draft-name.js'
import type { Context } from '../context.js'
import type { Bound } from './bound.js'

/** Failures of a merge that say who or what is missing: an answer, not an error of the call. */
const AGAINST: ReadonlySet<FailureCode> = new Set(['approval-refused', 'approval-missing', 'merge-conflict', 'stale-base', 'merge-findings', 'nothing-to-propose'])

/** Merges the caller's own proposal where main's policy lets an agent, or its scopes and the approvals let a person; else says who must. */
export async function mergeDraft({ forge }: Pick<Context, 'forge'>, { caller }: Bound, name: DraftName, by: Actor): Promise<Awaited<ReturnType<DraftPort['merge']>>> {
  const draft = await forge.drafts.find(name)
  if (draft?.proposal == null) throw new Refusal('nothing-to-propose', 'there is no open proposal of this draft', 'change something first, then DEPLOY_TRANSITION proposes it')
  const proposal = draft.proposal
  const waits = (reason: string) => ({ merged: false, proposal, commit: null, reason: `${reason}. A person looks at it and merges: agenticos merge ${proposal}` })
  if (caller.agent && caller.session === undefined) return waits('this agent belongs to no session, so no policy speaks of it')
  if (!caller.agent && !mayMerge(caller)) return waits(`${caller.name} has no scope merge over all sessions`)
  try {
    const record = await forge.proposals.merge(proposal, by, '', caller.agent ? { session: caller.session!, draft: name } : undefined)
    return { merged: true, proposal, commit: record.merged!.commit, reason: 'merged; it runs as soon as the reconciler has applied it' }
  } catch (error) {
    if (error instanceof Failure && AGAINST.has(error.code)) return waits(error.message)
    throw error
  }
}

/** As POST /v1/proposals/N/merge asks it: the scope, and a token that covers everything. */
function mayMerge({ scopes = [], covers }: Bound['caller']): boolean {
  return (scopes.includes('merge') || scopes.includes('admin')) && covers('*')
}
