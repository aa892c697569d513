import { Failure } from '../../errors.js'
import { hasErrors } from '../../../petri/finding.js'
import type { Actor } from '../commit.js'
import type { Policy } from '../../../petri/policy.js'
import { missingApprovals } from '../policy.js'
import type { Verdict } from '../verdict.js'
import type { Record } from './record.js'

/** Why a proposal cannot be merged now, the gravest reason first; undefined when it can. `merger` counts as an approver. */
export function obstacle(record: Record, verdict: Verdict, policy: Policy, merger?: Actor): Failure | undefined {
  const n = record.number
  const { conflicts, overlaps, findings, files } = verdict
  if (conflicts.length > 0)
    return new Failure('merge-conflict', `proposal ${n} and main changed the same lines of ${list(conflicts)}`, 'Merge main into the branch, settle the conflict there, and push it again.', { details: { conflicts } })
  if (overlaps.length > 0)
    return new Failure('stale-base', `since proposal ${n} began, main changed what it changes too: ${list(overlaps)}`, 'Merge main into the branch, look at both changes together, and push it again.', { details: { overlaps } })
  if (hasErrors(findings)) {
    const errors = findings.filter((one) => one.level === 'error')
    const first = errors[0]!
    return new Failure('merge-findings', `with proposal ${n} the nets would have ${errors.length === 1 ? 'an error' : `${errors.length} errors`}: ${first.file}:${first.line}: ${first.message.replace(/\.$/, '')}`, first.remedy, { details: { findings: errors } })
  }
  if (files.length === 0) return new Failure('nothing-to-propose', `main has all of proposal ${n} already`, `Close it: agenticos close ${n}.`)
  const missing = missingApprovals(policy, files, record.by, [...standing(record), ...(merger ? [{ by: merger.name, agent: merger.agent }] : [])])
  if (missing.length > 0)
    return new Failure('approval-missing', `the policy of main wants more: ${missing.join('; ')}`, `Ask one of them for: agenticos approve ${n}.`, { details: { missing } })
  return undefined
}

/** The approvals that were given for the head as it is now. */
export function standing(record: Record): Record['approvals'] {
  return record.approvals.filter((one) => one.head === record.head)
}

function list(items: readonly string[]): string {
  return items.length <= 5 ? items.join(', ') : `${items.slice(0, 5).join(', ')} and ${items.length - 5} more`
}
