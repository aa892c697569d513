import { z } from 'zod'
import { findingAnswer } from '../problem.js'
import { anyJson, condition, cursor, get, limit, page, post, remove } from './route.js'

export const planAnswer = z.object({
  base: z.string(),
  head: z.string(),
  changed: z.boolean(),
  /** petri/plan.ts: the very value that apply executes */
  plan: anyJson,
  findings: z.array(findingAnswer),
})
export type PlanAnswer = z.infer<typeof planAnswer>

/** Where an agent's proposal came from. Of the newest request, but for `usd` and `requests`. */
export const originAnswer = z.object({
  /** `session/net/transition` */
  agent: z.string(),
  conversation: z.string(),
  firing: z.int(),
  model: z.string(),
  prompt: z.string(),
  /** cost so far, of all requests */
  usd: z.number(),
  requests: z.int(),
})

export const proposalAnswer = z.object({
  number: z.int(),
  title: z.string(),
  body: z.string(),
  state: z.enum(['open', 'merged', 'closed']),
  by: z.string(),
  branch: z.string(),
  base: z.string(),
  head: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  approvals: z.array(z.object({ by: z.string(), at: z.string(), comment: z.string() })),
  comments: z.array(z.object({ by: z.string(), at: z.string(), text: z.string() })),
  mergeable: z.boolean(),
  /** why not, in one sentence */
  reason: z.string(),
  errors: z.int(),
  warnings: z.int(),
  merged: z.object({ commit: z.string(), by: z.string(), at: z.string() }).nullable(),
  /** an agent made it: it needs a person, or a policy that lets agents merge */
  agent: z.boolean(),
  origin: originAnswer.nullable(),
})
export type ProposalAnswer = z.infer<typeof proposalAnswer>

export const proposalDetail = proposalAnswer.extend({
  plan: anyJson,
  findings: z.array(findingAnswer),
  /** where the live tokens of touched places land */
  landing: z.array(z.object({ place: z.string(), tokens: z.int(), fate: z.string() })),
})
export type ProposalDetail = z.infer<typeof proposalDetail>

export const revisionAnswer = z.object({
  commit: z.string(),
  subject: z.string(),
  author: z.string(),
  state: z.enum(['attempted', 'applied', 'refused']),
  reason: z.string(),
  current: z.boolean(),
  errors: z.int(),
  warnings: z.int(),
  committedAt: z.string().nullable(),
  attemptedAt: z.string(),
  appliedAt: z.string().nullable(),
})
export type RevisionAnswer = z.infer<typeof revisionAnswer>

export const statusAnswer = z.object({
  version: z.string(),
  ready: z.boolean(),
  repository: z.object({
    attempted: z.string(),
    applied: z.string(),
    suspended: z.boolean(),
    conditions: z.array(condition),
    findings: z.array(findingAnswer),
  }),
  sessions: z.int(),
  nets: z.int(),
  tokens: z.int(),
  inbox: z.int(),
  /** `waiting`: pending or held ones that wait for a budget or a rate */
  effects: z.object({ pending: z.int(), held: z.int(), leased: z.int(), blocked: z.int(), waiting: z.int() }),
  failed: z.int(),
  executors: z.object({ ready: z.int(), draining: z.int(), gone: z.int() }),
  engines: z.int(),
  stopped: z.array(z.string()),
  /** tokens of places that no applied net has any more; `session/net/place` */
  orphans: z.array(z.object({ place: z.string(), tokens: z.int() })),
  proposals: z.int(),
})
export type StatusAnswer = z.infer<typeof statusAnswer>

/** A branch that an agent's structure tools edit, until a proposal ends it. */
export const draftAnswer = z.object({
  /** `drafts/<session>/<key>`: diff and compare take it */
  branch: z.string(),
  /** `_` of an access token that belongs to no one session */
  session: z.string(),
  key: z.string(),
  by: z.string(),
  /** `session/firing` of the newest edit */
  firing: z.string().nullable(),
  base: z.string(),
  head: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  files: z.array(z.string()),
  errors: z.int(),
  warnings: z.int(),
  proposal: z.int().nullable(),
})
export type DraftAnswer = z.infer<typeof draftAnswer>

export const scratchAnswer = z.object({ name: z.string(), session: z.string(), commit: z.string() })

const path = z.string().max(300).regex(/^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/, 'a path is relative, without . or .. parts')
const text = z.string().max(100_000).default('')

/** A change as files: `content` null deletes; net files under `replace` folders that are not named are deleted. */
const change = {
  files: z.array(z.strictObject({ path, content: z.string().nullable() })).max(5_000),
  replace: z.array(path).max(100).default([]),
}
const said = z.strictObject({ comment: text })
const bodyLimit = 16 * 1024 * 1024

export const changeRoutes = {
  status: get({ path: '/v1/status', scope: 'read', title: 'How everything is', answer: statusAnswer }),
  listRevisions: get({ path: '/v1/revisions', scope: 'read', title: 'List revisions, newest first', query: z.strictObject({ limit, cursor }), answer: page(revisionAnswer) }),
  reconcile: post({
    path: '/v1/reconcile', scope: 'operate', title: 'Ask for a reconciliation now, suspend it, or resume it',
    body: z.strictObject({ suspend: z.boolean().optional() }), answer: z.object({ suspended: z.boolean() }),
  }),
  plan: post({
    path: '/v1/plan', scope: 'read', title: 'The semantic diff and findings that a change would have', answer: planAnswer, bodyLimit,
    body: z.strictObject(change),
  }),
  compare: get({
    path: '/v1/plan', scope: 'read', title: 'The semantic diff of two commits or branches', answer: planAnswer,
    query: z.strictObject({ base: z.string().max(200).optional(), head: z.string().max(200) }),
  }),
  listProposals: get({
    path: '/v1/proposals', scope: 'read', title: 'List proposals, newest first', answer: page(proposalAnswer),
    query: z.strictObject({ state: z.enum(['open', 'merged', 'closed', 'all']).default('open'), limit, cursor }),
  }),
  getProposal: get({ path: '/v1/proposals/:proposal', scope: 'read', title: 'One proposal: plan, findings, comments', answer: proposalDetail }),
  openProposal: post({
    path: '/v1/proposals', scope: 'propose', title: 'Open a proposal, from a pushed branch or from files', answer: proposalAnswer, bodyLimit,
    body: z.union([
      z.strictObject({ title: z.string().min(1).max(200), body: text, branch: z.string().min(1).max(200) }),
      z.strictObject({ title: z.string().min(1).max(200), body: text, ...change }),
    ]),
  }),
  commentProposal: post({
    path: '/v1/proposals/:proposal/comments', scope: 'propose', title: 'Comment on a proposal', answer: proposalAnswer,
    body: z.strictObject({ comment: z.string().min(1).max(100_000) }),
  }),
  approveProposal: post({ path: '/v1/proposals/:proposal/approve', scope: 'approve', title: 'Approve a proposal', body: said, answer: proposalAnswer }),
  mergeProposal: post({ path: '/v1/proposals/:proposal/merge', scope: 'merge', title: 'Merge a proposal', body: said, answer: proposalAnswer }),
  closeProposal: post({ path: '/v1/proposals/:proposal/close', scope: 'propose', title: 'Close a proposal unmerged', body: said, answer: proposalAnswer }),
  listDrafts: get({ path: '/v1/drafts', scope: 'read', title: 'List drafts that agents and tools edit, newest edit first', query: z.strictObject({ limit, cursor }), answer: page(draftAnswer) }),
  listScratch: get({ path: '/v1/scratch', scope: 'read', title: 'List scratch sessions', answer: page(scratchAnswer) }),
  putScratch: post({
    path: '/v1/scratch/:scratch', scope: 'propose', title: 'Run exactly these files in a scratch session, apart from main', answer: scratchAnswer, bodyLimit,
    body: z.strictObject({ files: z.array(z.strictObject({ path, content: z.string() })).max(1_000) }),
  }),
  removeScratch: remove({ path: '/v1/scratch/:scratch', scope: 'propose', title: 'End a scratch session', answer: z.object({ removed: z.boolean() }) }),
  revertProposal: post({
    path: '/v1/proposals/:proposal/revert', scope: 'propose', title: 'Open the proposal that undoes a merged one', body: said, answer: proposalAnswer,
  }),
}
