import { createHash } from 'node:crypto'
import { stringify } from 'yaml'
import { canonicalText } from '../../petri/canonical.js'
import { isObject, type Json, type JsonObject } from '../../petri/json.js'
import { costMicros, resolveModel, type Models } from '../../petri/models.js'
import { formatTokenId } from '../../petri/token.js'
import type { AwaitingRow } from '../store/approvals/list.js'
import type { LoadedToken } from '../store/tokens/load.js'

/** What of a call or a token is written out; the rest is told by its size and digest. */
const MOST_CHARACTERS = 64 * 1024

/** Where the question of one firing lies in the net repository. */
export function approvalPath({ session, firing }: Pick<AwaitingRow, 'session' | 'firing'>): string {
  return `approvals/${session}/${firing}.yaml`
}

/** The enabled binding as a file: the exact call, the tokens it would take, what it may cost. Merging it fires exactly that. */
export function approvalFile(row: AwaitingRow, tokens: readonly LoadedToken[], models: Models): string {
  const { session, net, transition, firing, request, hold, expires } = row
  const value = {
    apiVersion: 'agenticos.dev/v1',
    kind: 'Approval',
    firing: `${session}/${firing}`,
    transition: `${session}/${net}/${transition}`,
    revision: hold.revision,
    askedAt: new Date(hold.at).toISOString(),
    ...(expires === null ? {} : { expires: expires.toISOString() }),
    cost: costLine(row, models),
    digest: digestOf(row),
    call: shown(request.request as Json),
    ...(Object.keys(request.credentials).length === 0 ? {} : { credentials: request.credentials }),
    tokens: tokens.map((token) => ({ id: formatTokenId(token.id), place: token.place, data: shown(JSON.parse(token.data) as Json) })),
  }
  return `# Merging this fires exactly this binding, once. Closing the proposal lets it fail as rejected.\n${stringify(value, { lineWidth: 0, aliasDuplicateObjects: false })}`
}

/** SHA-256 of what would be done: the whole call in canonical form, however much of it is written out. */
export function digestOf({ request }: Pick<AwaitingRow, 'request'>): string {
  return `sha256:${createHash('sha256').update(canonicalText(request.request as Json)).digest('hex')}`
}

function shown(value: Json): Json {
  const text = canonicalText(value)
  if (text.length <= MOST_CHARACTERS) return value
  return { cut: `${text.length} characters, sha256 ${createHash('sha256').update(text).digest('hex')}`, beginning: text.slice(0, 4_000) }
}

/** What it may cost at the most, in words; models are charged by the token, so an upper bound is what can be said. */
export function costLine({ kind, request }: Pick<AwaitingRow, 'kind' | 'request'>, models: Models): string {
  if (kind !== 'llm' && kind !== 'agent') return kind === 'http' || kind === 'command' ? 'what the other side asks; nothing is known of it here' : 'nothing'
  const call = request.request as unknown as JsonObject
  const model = resolveModel(models, typeof call['model'] === 'string' ? call['model'] : undefined)
  if (model === undefined) return 'unknown: models.yaml has no such model'
  const bytes = Buffer.byteLength(canonicalText(call))
  const one = costMicros(model.price, { input: Math.min(model.context, bytes + 2_000), cached: 0, output: Math.min(model.maxOutput, Number(call['maxTokens'] ?? model.maxOutput)) })
  if (kind === 'llm') return `at most ${usd(one)} a call of ${model.name}`
  const turns = isObject(call) ? Number(call['maxIterations'] ?? 1) : 1
  const turn = costMicros(model.price, { input: model.context, cached: 0, output: model.maxOutput })
  return `at most ${usd(turn * turns)}: ${turns} turns of ${model.name} with a full context; budgets may end it sooner`
}

function usd(micros: number): string {
  return `${(micros / 1e6).toFixed(6).replace(/0{1,4}$/, '')} USD`
}
