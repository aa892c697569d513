import { parseDocument } from 'yaml'
import { z } from 'zod'
import type { Finding } from '../../petri/finding.js'
import { API_VERSION } from '../../petri/language.js'
import { misread } from '../../protocol/misread.js'

const glob = z.string().min(1).max(200)

const rule = z.strictObject({
  /** files it is about, as globs: `nets/prod/**`; all when absent */
  paths: z.array(glob).min(1).optional(),
  /** who may approve, as names or globs; anyone with the scope when absent */
  by: z.array(glob).min(1).optional(),
  count: z.int().min(1).max(20).default(1),
  /** whether the proposer's own approval counts */
  self: z.boolean().default(false),
})

const policyFile = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('Policy'),
  metadata: z.strictObject({ name: z.string().optional(), title: z.string().optional(), description: z.string().optional() }).optional(),
  approvals: z.array(rule).max(100).default([]),
})
export type Rule = z.infer<typeof rule>

export interface Policy {
  readonly rules: readonly Rule[]
  readonly findings: readonly Finding[]
}

/** Without a policy.yaml: anyone with the scope may approve anything, their own proposals too. Agents never approve. */
export const OPEN_POLICY: Policy = { rules: [], findings: [] }

/** Reads policy.yaml. One that cannot be read lets nobody approve anything, and is a finding that keeps it from being merged. */
export function readPolicy(text: string): Policy {
  const document = parseDocument(text, { uniqueKeys: true, version: '1.2', schema: 'core', merge: false })
  const closed = (line: number, message: string, remedy = 'see docs/proposals.md for its keys'): Policy => ({
    rules: [{ by: ['nobody can, the policy is broken'], count: 1, self: false }],
    findings: [{ code: 'bad-policy', level: 'error', file: 'policy.yaml', line, column: 1, element: '', message, remedy }],
  })
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length
  const broken = document.errors[0]
  if (broken) return closed(lineOf(broken.pos[0]), `policy.yaml is not YAML: ${(broken.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '')}`)
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: 20 })
  } catch (error) {
    return closed(1, `policy.yaml is not YAML: ${(error as Error).message}`)
  }
  const read = policyFile.safeParse(value)
  if (read.success) return { rules: read.data.approvals, findings: [] }
  const issue = read.error.issues[0]!
  const node = document.getIn(issue.path as (string | number)[], true) as { range?: readonly number[] } | undefined
  const { path, message, remedy } = misread(issue, policyFile)
  return closed(node?.range?.[0] === undefined ? 1 : lineOf(node.range[0]), `policy.yaml${path === '' ? '' : `, ${path}`}: ${message}`, remedy)
}

export interface Approval {
  readonly by: string
  readonly agent?: boolean | undefined
}

/** The rules that a change of these files falls under. */
export function matchingRules(policy: Policy, files: readonly string[]): Rule[] {
  return policy.rules.filter(({ paths }) => files.some((file) => covers(paths, file)))
}

function covers(paths: readonly string[] | undefined, file: string): boolean {
  return paths === undefined || paths.some((path) => matches(path, file))
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
export function mayApprove(rule: Rule, proposer: string, approval: Approval): boolean {
  if (approval.agent === true || (!rule.self && approval.by === proposer)) return false
  return rule.by === undefined || rule.by.some((pattern) => matches(pattern, approval.by))
}

/** Globs: `*` stands for anything within a path part, `**` for anything. Linear in the text: no regular expression. */
export function matches(glob: string, text: string): boolean {
  // rest[i]: whether glob from here on matches text from i on; worked out from the end of the glob.
  let rest = Array.from({ length: text.length + 1 }, (_, at) => at === text.length)
  for (let at = glob.length - 1; at >= 0; at--) {
    const now: boolean[] = new Array<boolean>(text.length + 1).fill(false)
    const star = glob[at] === '*'
    const wide = star && glob[at - 1] === '*'
    for (let from = text.length; from >= 0; from--)
      now[from] = star ? rest[from]! || (from < text.length && (wide || text[from] !== '/') && now[from + 1]!) : from < text.length && glob[at] === text[from] && rest[from + 1]!
    if (wide) at--
    rest = now
  }
  return rest[0]!
}
