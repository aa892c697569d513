import { z } from 'zod'
import { apiVersion, looseMetadata } from './header.js'
import { ROLE } from './kinds/agent.js'
import { microsOf } from './money.js'
import { glob, plainChoice, plainUsd, plainWhole } from './plain.js'
import { name, object } from './scalar.js'
import { matchesPath } from './path-glob.js'

const approval = object({
  paths: z.array(glob).min(1).describe('Files it is about, as globs such as nets/prod/**; all without it.').exactOptional(),
  by: z.array(glob).min(1).describe('Who may approve, as names or globs; anyone with the scope without it.').exactOptional(),
  count: plainWhole(1, 20).describe('How many different people; 1 unless given.').exactOptional(),
  self: z.boolean({ error: 'must be true or false' }).describe('Whether the proposer’s own approval counts; false unless given.').exactOptional(),
})

const agents = object({
  sessions: z.array(glob).min(1).describe('Sessions whose agents it is about, as globs; all without it.').exactOptional(),
  role: z.string({ error: 'must be r, rw, rwx or rwxh, with an optional l' }).regex(ROLE, { error: 'must be r, rw, rwx or rwxh, with an optional l' })
    .describe('The highest role that they get: r, rw, rwx or rwxh, each with an optional l; rwxhl unless given.').exactOptional(),
  merge: z.array(glob).describe('Sessions or session/net whose draft an agent with x may merge by itself; none unless given.').exactOptional(),
  reach: z.array(glob).describe('Other sessions that they may see and draft for; none unless given, but all for the session system.').exactOptional(),
})

const budget = object({
  name: name.describe('What messages call it.'),
  sessions: z.array(glob).min(1).describe('Sessions that share it, as globs; all without it.').exactOptional(),
  usd: plainUsd.describe('US dollars, at most six decimals.'),
  per: plainChoice(['hour', 'day', 'month']).describe('hour, day or month, in UTC.'),
})

/** policy.yaml: who may approve what, what agents may, and what sessions may spend. */
export const policyFile = object({
  apiVersion,
  kind: z.literal('Policy').describe('Policy.'),
  metadata: looseMetadata.exactOptional(),
  approvals: z.array(approval).max(100).describe('Rules of approval; a change must satisfy each that one of its files falls under.').exactOptional(),
  agents: z.array(agents).max(100).describe('What agents may, by session; the first rule that matches holds.').exactOptional(),
  budgets: z.array(budget).max(100).describe('Money that sessions may spend together.').exactOptional(),
})
export type PolicyFile = z.infer<typeof policyFile>

export interface ApprovalRule {
  readonly paths?: readonly string[]
  readonly by?: readonly string[]
  readonly count: number
  readonly self: boolean
}

export interface AgentRule {
  readonly sessions: readonly string[]
  readonly role: string
  readonly merge: readonly string[]
  readonly reach?: readonly string[]
}

export interface PolicyBudget {
  readonly name: string
  readonly sessions: readonly string[]
  readonly micros: number
  readonly per: 'hour' | 'day' | 'month'
}

/** policy.yaml, defaults written out. Plain JSON: what `design.settings.policy` holds. */
export interface Policy {
  readonly approvals: readonly ApprovalRule[]
  readonly agents: readonly AgentRule[]
  readonly budgets: readonly PolicyBudget[]
}

/** Without a policy.yaml: anyone with the scope may approve anything, their own proposals too. Agents never approve. */
export const OPEN_POLICY: Policy = { approvals: [], agents: [], budgets: [] }

/** The session whose agents work on others. */
export const SYSTEM = 'system'
const HIGHEST = 'rwxhl'

/** What a file says that was read without a finding. */
export function policyOf(file: PolicyFile): Policy {
  return {
    approvals: (file.approvals ?? []).map((rule) => ({ ...rule, count: rule.count ?? 1, self: rule.self ?? false })),
    agents: (file.agents ?? []).map(({ sessions, role, merge, reach }) => ({ sessions: sessions ?? ['*'], role: role ?? HIGHEST, merge: merge ?? [], ...(reach ? { reach } : {}) })),
    budgets: (file.budgets ?? []).map(({ name, sessions, usd, per }) => ({ name, sessions: sessions ?? ['*'], micros: microsOf(usd) ?? 0, per })),
  }
}

/** The highest role of agents of a session; without a rule that is whatever their net asks for. */
export function roleCeiling(policy: Policy, session: string): string {
  return ruleOf(policy, session)?.role ?? HIGHEST
}

/** The role that was asked for, cut to what another one allows: tiers end at the first that is missing, `l` stands apart. */
export function cutRole(asked: string, most: string): string {
  const both = [...'rwxh'].filter((_, at, tiers) => tiers.slice(0, at + 1).every((tier) => asked.includes(tier) && most.includes(tier)))
  return `${both.join('') || 'r'}${asked.includes('l') && most.includes('l') ? 'l' : ''}`
}

/** The budgets of policy.yaml that a session spends from. */
export function policyBudgets(policy: Policy, session: string): PolicyBudget[] {
  return policy.budgets.filter(({ sessions }) => matchesAny(sessions, session))
}

/** The rule (in words, for the record) by which an agent of a session may merge a draft of `session/net`; undefined when none lets it. */
export function agentMayMerge(policy: Policy, session: string, net: string): string | undefined {
  const rule = ruleOf(policy, session)
  const address = net.includes('/') ? net : `${session}/${net}`
  const found = rule?.merge.find((pattern) => matchesPath(pattern, pattern.includes('/') ? address : address.split('/')[0]!))
  return rule && found !== undefined ? `agents[${policy.agents.indexOf(rule)}].merge ${found}` : undefined
}

/** Whether agents of a session may see and draft for another one. */
export function agentReaches(policy: Policy, session: string, other: string): boolean {
  if (session === other) return true
  return matchesAny(ruleOf(policy, session)?.reach ?? (session === SYSTEM ? ['*'] : []), other)
}

function ruleOf(policy: Policy, session: string): AgentRule | undefined {
  return policy.agents.find(({ sessions }) => matchesAny(sessions, session))
}

function matchesAny(globs: readonly string[], name: string): boolean {
  return globs.some((pattern) => matchesPath(pattern, name))
}
