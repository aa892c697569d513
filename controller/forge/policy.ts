import type { Finding } from '../../petri/finding.js'
import { matchesPath } from '../../petri/path-glob.js'
import type { ApprovalRule, Policy } from '../../petri/policy.js'
import { readPolicy } from '../../petri/policy-read.js'

/** What a policy.yaml that cannot be read says: nobody can approve anything, and agents may do next to nothing. */
const CLOSED: Policy = {
  approvals: [{ by: ['nobody can, the policy is broken'], count: 1, self: false }],
  agents: [{ sessions: ['*'], role: 'r', merge: [], reach: [] }],
  budgets: [],
}

/** The policy of a tree. One with an error closes everything, and its findings keep it from being merged. */
export function policyIn(text: string): { readonly policy: Policy; readonly broken: boolean; readonly findings: readonly Finding[] } {
  const { policy, findings } = readPolicy('policy.yaml', text)
  return { policy: policy ?? CLOSED, broken: policy === undefined, findings }
}

export interface Approval {
  readonly by: string
  readonly agent?: boolean | undefined
}

/** The rules that a change of these files falls under. */
export function matchingRules(policy: Policy, files: readonly string[]): ApprovalRule[] {
  return policy.approvals.filter(({ paths }) => files.some((file) => covers(paths, file)))
}

function covers(paths: readonly string[] | undefined, file: string): boolean {
  return paths === undefined || paths.some((path) => matchesPath(path, file))
}

/** What is still missing for a change of these files by this proposer to be merged; empty when nothing is. One sentence each. */
export function missingApprovals(policy: Policy, files: readonly string[], proposer: string, approvals: readonly Approval[]): string[] {
  return matchingRules(policy, files).flatMap((rule) => {
    const counted = new Set(approvals.filter((one) => mayApprove(rule, proposer, one)).map((one) => one.by))
    if (counted.size >= rule.count) return []
    const more = rule.count - counted.size
    const who = rule.by === undefined ? 'someone' : rule.by.join(' or ')
    const touched = files.find((file) => covers(rule.paths, file)) ?? ''
    return [`${touched} needs ${more === 1 ? 'an approval' : `${more} approvals`} by ${who}${rule.self ? '' : ` other than ${proposer}`}`]
  })
}

/** Whether an approval counts for a rule: never an agent's, and the proposer's own only where the rule says `self`. */
export function mayApprove(rule: ApprovalRule, proposer: string, approval: Approval): boolean {
  if (approval.agent === true || (!rule.self && approval.by === proposer)) return false
  return rule.by === undefined || rule.by.some((pattern) => matchesPath(pattern, approval.by))
}
