import type { ProposalAnswer } from '../../protocol/api/change.js'
import { costOf } from '../forge/draft-words.js'
import type { Record } from '../forge/proposals/record.js'
import type { Shown } from '../forge/proposals/proposals.js'

/** A proposal as lists show it; whether it can be merged is only known where it was judged. */
export function showProposal(record: Record, shown?: Shown): ProposalAnswer {
  const findings = shown?.verdict.findings ?? []
  return {
    number: record.number, title: record.title, body: record.body, state: record.state, by: record.by, branch: record.branch,
    base: record.base, head: record.head, createdAt: record.createdAt, updatedAt: record.updatedAt,
    approvals: (shown?.approvals ?? record.approvals).map(({ by, at, comment }) => ({ by, at, comment })),
    comments: [...record.comments],
    mergeable: shown?.mergeable ?? false,
    reason: shown?.reason ?? '',
    errors: findings.filter((finding) => finding.level === 'error').length,
    warnings: findings.filter((finding) => finding.level === 'warning').length,
    merged: record.merged && { commit: record.merged.commit, by: record.merged.by, at: record.merged.at },
    agent: record.agent,
    origin: originOf(record),
  }
}

function originOf({ origin }: Record): ProposalAnswer['origin'] {
  const last = origin?.requests.at(-1)
  if (!origin || !last) return null
  const { firing, model, prompt } = last
  return { agent: origin.agent, conversation: origin.conversation, firing, model, prompt, usd: costOf(origin) / 1e6, requests: origin.requests.length }
}
