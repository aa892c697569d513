import { canonicalText } from '../petri/canonical.js'
import { isObject, type Json, type JsonObject } from '../petri/json.js'

const NAMED = 6
const LONGEST_FIELD = 60

/** What a person wants to know of a tool's answer, in one line; what it holds of foreign texts is as it came. */
export function resultWords(tool: string, output: Json): string {
  if (!isObject(output)) return field(output)
  return (Object.hasOwn(WORDS, tool) ? WORDS[tool]!(output) : undefined) ?? plainFields(output)
}

/** undefined: the answer is not as it should be, and its fields are told as they are. */
const WORDS: Readonly<Record<string, (answer: JsonObject) => string | undefined>> = {
  LIST_ALL_SESSIONS: (answer) => listed(answer, 'sessions', 'session', (one) => `${text(one, 'session')}${one['stopped'] === true ? ' (stopped)' : ''}${failures(one)}`),
  LIST_SESSION_NETS: (answer) => listed(answer, 'nets', 'net', (one) => `${text(one, 'net')}${one['ready'] === false ? ` (${text(one, 'message') || text(one, 'state')})` : ''}${failures(one)}`),
  LIST_PLACES: (answer) => listed(answer, 'places', 'place', (one) => `${last(text(one, 'place'))} ${number(one, 'tokens')}`),
  GET_NET_STRUCTURE: (answer) => `${count(answer, 'places', 'place')}, ${count(answer, 'transitions', 'transition')}${number(answer, 'errors') > 0 ? `, ${many(number(answer, 'errors'), 'error')}` : ''}`,
  GET_PLACE_INFO: (answer) => `${text(answer, 'category')} place with ${many(number(answer, 'tokens'), 'token')}`,
  GET_PLACE_CONNECTIONS: (answer) => `put by ${names(answer, 'producers', 'transition')}; taken or read by ${names(answer, 'consumers', 'transition')}`,
  GET_TRANSITION: ({ state, inscription }) => (isObject(state) && isObject(inscription) ? `${text(inscription, 'kind')}, ${text(state, 'message') || text(state, 'state')}${failures(state)}` : undefined),
  GET_LINKED_PLACES: (answer) => `${count(answer, 'links', 'link')}, ${count(answer, 'facts', 'fact')}`,
  FIND_SHARED_PLACES: (answer) => listed(answer, 'places', 'shared place', (one) => text(one, 'place')),
  LIST_ALL_INSCRIPTIONS: (answer) => listed(answer, 'inscriptions', 'inscription', (one) => `${last(text(one, 'transition'))} (${text(one, 'kind')})`),
  QUERY_TOKENS: (answer) => (answer['waited'] === true ? 'no token came' : listed(answer, 'tokens', 'token', (one) => field(one['data'] ?? null), 1)),
  QUERY_EVENTS: (answer) => {
    const types = new Map<string, number>()
    for (const one of objects(answer, 'events')) types.set(text(one, 'type'), (types.get(text(one, 'type')) ?? 0) + 1)
    return `${count(answer, 'events', 'event')}${more(answer)}${types.size === 0 ? '' : `: ${some([...types].map(([type, times]) => `${times} ${type}`))}`}`
  },
  EXTRACT_TOKEN_CONTENT: (answer) => `${many(number(answer, 'characters'), 'character')}: ${field(answer['content'] ?? '')}`,
  EXPORT_PNML: (answer) => `${text(answer, 'net')} as PNML, ${many(text(answer, 'pnml').length, 'character')}`,
  VERIFY_NET: findings,
  VERIFY_INSCRIPTION: findings,
  NET_DOCTOR: (answer) => `${list(answer, 'fixed').length > 0 ? `mended ${names(answer, 'fixed', 'code')}; ` : ''}${findings(answer)}`,
  VERIFY_RUNTIME_BINDINGS: (answer) => {
    const [checks, bad] = [objects(answer, 'checks'), objects(answer, 'checks').filter((one) => one['ok'] === false)]
    return bad.length === 0 ? `${many(checks.length, 'check')}, all well` : some(bad.map((one) => `${text(one, 'what')} ${text(one, 'name')}: ${text(one, 'message')}`), 2)
  },
  DIAGNOSE_TRANSITION: (answer) => (answer['fires'] === true ? 'nothing stands in its way' : some(objects(answer, 'reasons').map((one) => text(one, 'message')), 2)),
  DRY_RUN_TRANSITION: (answer) => {
    if (answer['enabled'] !== true) return text(answer, 'reason') || 'not enabled'
    if (isObject(answer['fault'])) return `would fail: ${text(answer['fault'], 'message')}`
    return `enabled${list(answer, 'emits').length === 0 ? '' : `, would put into ${names(answer, 'emits', 'place')}`}`
  },
  CREATE_TOKEN: (answer) => {
    const { reply } = answer
    return `put${reply === undefined ? '' : reply === null ? ', and no reply came' : `, and the reply is ${field(isObject(reply) ? reply['data'] ?? null : reply)}`}`
  },
  DELETE_TOKEN: (answer) => `token ${text(answer, 'removed')} of ${text(answer, 'scope')} is gone`,
  EMIT_MEMORY: (answer) => `remembered in ${text(answer, 'scope')}`,
  FIRE_ONCE: fired,
  EXECUTE_TRANSITION: fired,
  EXECUTE_TRANSITION_SMART: fired,
  START_TRANSITION: lifecycle,
  STOP_TRANSITION: lifecycle,
  DEPLOY_TRANSITION: (answer) => text(answer, 'reason') || (answer['merged'] === true ? 'merged' : undefined),
  DOCKER_LIST: (answer) => listed(answer, 'containers', 'container', (one) => `${text(one, 'name')} (${text(one, 'state')})`),
  DOCKER_RUN: (answer) => `${text(answer, 'name')} is ${text(answer, 'state')} at ${text(answer, 'executor')}`,
  DOCKER_LOGS: (answer) => {
    const lines = text(answer, 'text').split('\n').filter((line) => line.trim() !== '')
    return `${many(lines.length, 'line')}${lines.length === 0 ? '' : `, the last: ${field(lines.at(-1)!)}`}`
  },
  DOCKER_STOP: (answer) => `${text(answer, 'name')} is stopped`,
  HTTP_CALL: (answer) => `${number(answer, 'status')}: ${field(answer['json'] ?? text(answer, 'text'))}`,
}

function findings(answer: JsonObject): string {
  const found = objects(answer, 'findings')
  const [first] = found
  const left = number(answer, 'more')
  if (first === undefined) return 'no findings'
  const levels = ['error', 'warning', 'info'].map((level) => [level, found.filter((one) => text(one, 'level') === level).length] as const).filter(([, times]) => times > 0)
  return `${levels.map(([level, times]) => many(times, level)).join(', ')}${left > 0 ? ` and ${left} more` : ''}: ${text(first, 'message')}`
}

function fired(answer: JsonObject): string {
  const state = text(answer, 'state')
  if (text(answer, 'error') !== '') return `${state}: ${text(answer, 'error')}`
  const produced = objects(answer, 'produced')
  return produced.length === 0 ? state : `${state}: ${some(produced.map((one) => `${last(text(one, 'place'))} ${field(one['data'] ?? null)}`), 1)}`
}

function lifecycle(answer: JsonObject): string {
  const running = list(answer, 'running').length
  return `${text(answer, 'scope')} is ${text(answer, 'state')}${running === 0 ? '' : `, ${many(running, 'firing')} had begun`}`
}

function listed(answer: JsonObject, key: string, word: string, say: (one: JsonObject) => string, most = NAMED): string | undefined {
  if (!Array.isArray(answer[key])) return undefined
  const items = objects(answer, key)
  return `${count(answer, key, word)}${more(answer)}${items.length === 0 ? '' : `: ${some(items.map(say), most)}`}`
}

/** The first few of many, and how many are left out. */
function some(words: readonly string[], most = NAMED): string {
  return `${words.slice(0, most).join(', ')}${words.length > most ? ` and ${words.length - most} more` : ''}`
}

function names(answer: JsonObject, key: string, name: string): string {
  return some([...new Set(objects(answer, key).map((one) => last(text(one, name))))]) || 'nobody'
}

/** A value in a few words: of an object its fields. */
function field(value: Json): string {
  const words = typeof value === 'string' ? value : isObject(value) ? plainFields(value) : canonicalText(value)
  const characters = [...words.slice(0, 8 * LONGEST_FIELD).replace(/\s+/g, ' ').trim()]
  return characters.length <= LONGEST_FIELD ? characters.join('') : `${characters.slice(0, LONGEST_FIELD - 1).join('')}…`
}

function plainFields(value: JsonObject): string {
  return Object.entries(value).map(([key, one]) => `${key}: ${Array.isArray(one) ? `${one.length} of them` : isObject(one) ? '…' : typeof one === 'string' ? one : canonicalText(one)}`).join(', ') || 'nothing'
}

const last = (address: string): string => address.split('/').at(-1)!
const many = (times: number, word: string): string => `${times} ${word}${times === 1 || word === 'info' ? '' : 's'}`
const count = (answer: JsonObject, key: string, word: string): string => (list(answer, key).length === 0 ? `no ${word}s` : many(list(answer, key).length, word))
const more = (answer: JsonObject): string => (typeof answer['next'] === 'string' ? ' and more' : '')
const failures = (one: JsonObject): string => (number(one, 'failed') > 0 ? ` (${number(one, 'failed')} failed)` : '')
const list = (answer: JsonObject, key: string): readonly Json[] => (Array.isArray(answer[key]) ? answer[key] : [])
const objects = (answer: JsonObject, key: string): readonly JsonObject[] => list(answer, key).filter(isObject)
const text = (answer: JsonObject, key: string): string => (typeof answer[key] === 'string' ? answer[key] : '')
const number = (answer: JsonObject, key: string): number => (typeof answer[key] === 'number' ? answer[key] : 0)
