import { z } from 'zod'
import { agentDo } from './kinds/agent.js'
import { commandDo } from './kinds/command.js'
import { httpDo } from './kinds/http.js'
import { linkDo } from './kinds/link.js'
import { llmDo } from './kinds/llm.js'
import { mapDo } from './kinds/map.js'
import { PARAM, choice, duration, json, name, object, rate, scalar, table, text, truth, usd, variable, whole } from './scalar.js'

const from = z.union([name, z.literal('_failed'), z.string().regex(PARAM)], { error: 'must be the name of a place of this net, or _failed' })

const TAKE = { error: 'must be a number from 0 to 10000, all, {upTo: n}, or a whole ${earlier.path}' }

/** An input arc as written: a place name, or this. */
export const inputObject = object({
  from: from.describe('Place of this net, or _failed (its dead letters).'),
  where: text.describe('ArcQL condition; earlier variables stand in ${}.').exactOptional(),
  orderBy: text.describe('ArcQL order; oldest first unless given.').exactOptional(),
  take: z.union(
    [z.int().min(0).max(10_000), z.literal('all'), z.string().regex(/^\$\{.+\}$/s, TAKE), object({ upTo: whole(1, 10_000).describe('One to so many.') })],
    TAKE,
  ).describe('How many: absent = one, a number or ${earlier.path} = exactly that many, all, or {upTo: n}.').exactOptional(),
  mode: choice(['consume', 'read', 'inhibit']).describe('consume for task, read for context, tool and learning places unless given.').exactOptional(),
  optional: truth.describe('null, or an empty list, when nothing matches.').exactOptional(),
  otherwise: truth.describe('No other consuming arc’s where from that place holds.').exactOptional(),
  after: text.describe('A duration since the token came, or a path in it to a duration or a time.').exactOptional(),
})
export type InputObject = z.infer<typeof inputObject>
export const input = z.union([from, inputObject], { error: 'must be the name of a place of this net, or _failed, or {from, ...}' }).meta({ id: 'Input' })
export type InputFile = z.infer<typeof input>

/** An output arc as written. */
export const outputObject = object({
  emit: json.describe('Any JSON with ${}; ${result} unless given. `tools`: only an agent’s tools put here.').exactOptional(),
  each: text.describe('A ${} that gives a list: emits once an element, with item and _index.').exactOptional(),
  when: text.describe('success, error, otherwise, a condition over the result, or `error AND` a condition.').exactOptional(),
})
export type OutputObject = z.infer<typeof outputObject>
export const output = z.union([outputObject, z.array(outputObject).min(1)], { error: 'must be {emit, each, when}, each optional, or a list of those' }).meta({ id: 'Output' })
export type OutputFile = z.infer<typeof output>

export const budget = object({
  usd: usd.describe('US dollars, at most six decimals.'),
  per: choice(['firing', 'hour', 'day', 'month']).describe('What the amount is for.'),
}).meta({ id: 'Budget' })
export type BudgetFile = z.infer<typeof budget>

const schedule = object({
  every: duration.describe('A tick each duration.').exactOptional(),
  cron: text.describe('A tick at each time that fits: minute hour day month weekday.').exactOptional(),
  timezone: text.describe('Time zone of cron; UTC unless given.').exactOptional(),
  missed: choice(['once', 'skip']).describe('What becomes of ticks while stopped or down; once unless given.').exactOptional(),
}).refine((value) => (value.every === undefined) !== (value.cron === undefined), { error: 'must have either every or cron' }).meta({ id: 'Schedule' })
export type ScheduleFile = z.infer<typeof schedule>

const retry = object({
  attempts: whole(1, 100).describe('Attempts in all.').exactOptional(),
  backoff: scalar('a duration, or two as 2s..60s', z.string().regex(/^\d{1,15}(ms|s|m|h|d)(\.\.\d{1,15}(ms|s|m|h|d))?$/)).describe('Shortest and longest wait between attempts, e.g. 2s..60s.').exactOptional(),
}).meta({ id: 'Retry' })

const rates = z.union([rate, object({
  limit: rate.describe('e.g. 10/m.'),
  per: text.describe('A ${} whose values are counted each by itself.').exactOptional(),
})], { error: 'must be a rate such as 10/m, or {limit: 10/m, per: ${x.customer}}' }).meta({ id: 'Rate' })

const approval = z.union([choice(['merge']), object({
  by: choice(['merge']).describe('merge: merging the proposal fires exactly this binding.'),
  expires: duration.describe('After which it fails with code expired.').exactOptional(),
})], { error: 'must be merge, or {by: merge, expires: 3d}' }).meta({ id: 'Approval' })

const shared = {
  title: text.describe('Short name for people and agents.').exactOptional(),
  description: text.describe('What it does and why, for people and agents.').exactOptional(),
  in: table(variable, input).describe('Input arcs: variable -> place or {from, ...}; the order is the binding order.').exactOptional(),
  out: table(name, output).describe('Output arcs: place -> {emit, each, when} or a list of those.').exactOptional(),
  drop: text.describe('A condition: a result for which it holds is rightly dropped.').exactOptional(),
  schedule: schedule.describe('A tick allows one firing.').exactOptional(),
  retry: retry.describe('Only faults that may pass are tried again.').exactOptional(),
  timeout: duration.describe('http 30s, command 60s, llm 2m, agent 10m unless given.').exactOptional(),
  concurrency: whole(1, 1000).describe('Most firings at a time; 16 unless given.').exactOptional(),
  rate: rates.describe('Most firings in a time; none unless given.').exactOptional(),
  executor: object({ labels: table(z.string(), z.string()).describe('All must match.') }).describe('Which executors may do it.').exactOptional(),
  credentials: table(z.string().regex(/^[A-Z][A-Z0-9_]{0,62}$/, { error: 'must be a credential’s name: A-Z, 0-9 and _' }), z.string().min(1))
    .describe('NAME -> path#field or env:VARIABLE; the executor alone reads it.').exactOptional(),
  budget: budget.describe('Most money it may spend; the tightest of transition, net and session holds.').exactOptional(),
  approval: approval.describe('The enabled binding becomes a proposal first.').exactOptional(),
  cost: text.describe('${result.value.usd}: books money spent outside.').exactOptional(),
}

function kind<const K extends string, D extends z.core.SomeType>(word: K, action: D) {
  return object({ kind: z.literal(word).describe('pass, map, link, http, llm, agent or command.'), do: action, ...shared })
}

/** A transition as written. */
export const transition = z.discriminatedUnion('kind', [
  object({ kind: z.literal('pass').describe('pass, map, link, http, llm, agent or command.'), ...shared }),
  kind('map', mapDo),
  kind('link', linkDo),
  kind('http', httpDo),
  kind('command', commandDo),
  kind('llm', llmDo),
  kind('agent', agentDo),
], { error: 'must be one of pass, map, link, http, llm, agent, command' })
export type TransitionFile = z.infer<typeof transition>
