import { z } from 'zod'
import { apiVersion, metadata } from './header.js'
import { budget, transition } from './inscription.js'
import { modelsFile, type ModelsFile } from './models.js'
import { foreignPnml } from './pnml/foreign.js'
import { policyFile, type PolicyFile } from './policy.js'
import { choice, duration, json, name, NAME, object, rate, scalar, size, table, text, truth, whole } from './scalar.js'

const params = table(z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,62}$/, { error: 'must be a name of letters, digits and _' }), json)

const address = /^[a-z][a-z0-9-]{0,62}\/[a-z][a-z0-9-]{0,62}$/
const farAddress = /^[a-z][a-z0-9-]{0,62}\/[a-z][a-z0-9-]{0,62}\/[a-z][a-z0-9-]{0,62}$/

// a drawing needs no exponents, and PNML has none
const coordinate = z.number().refine((n) => !String(n).includes('e'), { error: 'must be a plain number' })

export const place = object({
  category: choice(['task', 'context', 'tool', 'learning']).describe('Required but where `shares` stands. task is consumed, the others are read by default.').exactOptional(),
  tokens: z.union([z.array(json), z.int().min(0)], { error: 'must be a list of tokens, or how many plain ones' })
    .describe('Declared tokens: a list, or a number of plain ones ({}).').exactOptional(),
  capacity: whole(1).describe('Most tokens it holds; a firing that would exceed it waits.').exactOptional(),
  schema: json.describe('JSON Schema 2020-12 of its tokens.').exactOptional(),
  key: z.union([z.string(), z.array(z.string()).min(1)], { error: 'must be a path such as $.ip, or a list of paths' })
    .describe('A path or list of paths whose values are unique in the place.').exactOptional(),
  onDuplicate: choice(['refuse', 'replace', 'ignore']).describe('What becomes of a second one with the same key; refuse unless given.').exactOptional(),
  keep: whole(0).describe('The oldest free tokens beyond so many go.').exactOptional(),
  ttl: duration.describe('Free tokens older than this go.').exactOptional(),
  maxBytes: size.describe('Largest token; 1MiB unless given, 8MiB at most.').exactOptional(),
  shares: scalar('net/place', z.string().regex(address)).describe('net/place: the same place in another net of the session, which holds all keys.').exactOptional(),
  open: z.array(z.string()).describe('Sessions (or globs) that may send here.').exactOptional(),
  sends: scalar('session/net/place', z.string().regex(farAddress)).describe('session/net/place that tokens put here go to.').exactOptional(),
  title: text.describe('Short name for people and agents.').exactOptional(),
  description: text.describe('What its tokens are, for people and agents.').exactOptional(),
}).refine((value) => value.category !== undefined || value.shares !== undefined, { error: 'must have a category: task, context, tool or learning' }).meta({ id: 'Place' })
export type PlaceFile = z.infer<typeof place>

/** nets/<session>/<net>.yaml */
export const netFile = object({
  apiVersion,
  kind: z.literal('Net').describe('Net.'),
  metadata: metadata.describe('Who it is.'),
  params: params.describe('Values for ${params.x}; they win over the session’s.').exactOptional(),
  places: table(name, place).describe('Where tokens lie.').exactOptional(),
  transitions: table(name, transition).describe('What happens to tokens.').exactOptional(),
  budget: budget.describe('Most money the net may spend.').exactOptional(),
  layout: table(z.string().regex(NAME), z.tuple([coordinate, coordinate], { error: 'must be [x, y]' })).describe('Where places and transitions are drawn: [x, y]. Never a semantic change.').exactOptional(),
  foreign: object({ pnml: foreignPnml.describe('From a PNML file of another tool.').exactOptional() })
    .describe('Kept for other tools; no part of the net.').exactOptional(),
})
export type NetFile = z.infer<typeof netFile>

const limits = object({
  depth: whole(1).describe('Deepest chain of firings from one put; 1000 unless given.').exactOptional(),
  tokens: whole(1).describe('Most live tokens; 500000 unless given.').exactOptional(),
  inbox: whole(1).describe('Most waiting inbox rows; 100000 unless given.').exactOptional(),
  effects: whole(1).describe('Most effects at a time; 256 unless given.').exactOptional(),
  awaiting: whole(1).describe('Most approvals waiting; 100 unless given.').exactOptional(),
  firings: rate.describe('Most firings in a time; 10m/d unless given.').exactOptional(),
  logBytes: size.describe('Most bytes of log; none unless given.').exactOptional(),
})

/** nets/<session>/session.yaml */
export const sessionFile = object({
  apiVersion,
  kind: z.literal('Session').describe('Session.'),
  metadata: metadata.describe('Who it is.'),
  params: params.describe('Values for ${params.x} in every net of the session.').exactOptional(),
  budget: budget.describe('Most money the session may spend.').exactOptional(),
  retention: object({ events: duration.describe('How long events are kept; 90d unless given.').exactOptional() }).describe('How long history is kept.').exactOptional(),
  limits: limits.describe('Reaching one stops the session.').exactOptional(),
})
export type SessionFile = z.infer<typeof sessionFile>

/** executors/*.yaml. Shallow until its own issue. */
export const executorFile = z.looseObject({ apiVersion, kind: z.literal('Executor'), metadata: z.looseObject({ name }).exactOptional() })
export type ExecutorFile = z.infer<typeof executorFile>

/** Which kind of file a document is, by its `kind`. */
export const FILES = { Net: netFile, Session: sessionFile, Policy: policyFile, Models: modelsFile, Executor: executorFile } as const
export type AnyFile = NetFile | SessionFile | PolicyFile | ModelsFile | ExecutorFile
