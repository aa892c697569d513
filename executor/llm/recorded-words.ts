import { isObject, own, type Json } from '../../petri/json.js'
import type { Message } from '../../protocol/model.js'

const HOLE = /\{\{([a-zA-Z0-9_.]{1,200})\}\}/g

/** A recorded value with `{{path}}` filled in from the newest tool result: what a recording says about a result is what the tool said today. */
export function filledIn<T extends Json>(value: T, messages: readonly Message[]): T {
  return walk(value, () => newestResult(messages)) as T
}

function walk(value: Json, result: () => Json): Json {
  if (typeof value === 'string') return value.replace(HOLE, (_, path: string) => wordsOf(path.split('.').reduce<Json | undefined>(step, result())))
  if (Array.isArray(value)) return value.map((one: Json) => walk(one, result))
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, walk(one, result)])) : value
}

function step(from: Json | undefined, key: string): Json | undefined {
  if (from === undefined) return undefined
  return Array.isArray(from) ? from[Number(key)] as Json | undefined : isObject(from) ? own(from, key) : undefined
}

function wordsOf(value: Json | undefined): string {
  if (value === undefined || value === null) return '(the tool gave none)'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** The JSON between the marks of the newest result (executor/agent/frame.ts). */
function newestResult(messages: readonly Message[]): Json {
  const text = messages.filter(({ role }) => role === 'tool').at(-1)?.text ?? ''
  try {
    return JSON.parse(text.slice(text.indexOf('\n') + 1, text.indexOf('\n</'))) as Json
  } catch {
    return null
  }
}
