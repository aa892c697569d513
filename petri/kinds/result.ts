import { own, type Json } from '../json.js'
import type { Transition } from '../net.js'

const TEXT = { type: 'string' }
const NUMBER = { type: 'number' }
const VALUES: Readonly<Record<string, Json>> = { json: {}, xml: {}, lines: { type: 'array', items: TEXT } }

/** JSON Schema of the result of a checked http, command, llm or agent transition; undefined where only the net says what it is. */
export function resultSchema({ kind, action }: Pick<Transition, 'kind' | 'action'>): Json | undefined {
  const parse = own(action ?? {}, 'parse')
  const value = typeof parse === 'string' ? { value: VALUES[parse] ?? {} } : undefined
  switch (kind) {
    case 'http': {
      // an answer is JSON where it says so, else text; a parsed one is its value alone
      const body = value ?? { json: {}, text: TEXT }
      return closed({ status: { type: 'integer' }, headers: { type: 'object', additionalProperties: TEXT }, durationMs: NUMBER, ...body }, value ? [] : ['json', 'text'])
    }
    case 'command':
      return closed({ exitCode: { type: ['integer', 'null'] }, signal: { type: ['string', 'null'] }, stdout: TEXT, stderr: TEXT, durationMs: NUMBER, truncated: { type: 'boolean' }, ...value })
    case 'llm':
    case 'agent':
      // without a schema of its own it answers to that of the place that takes ${result}
      return own(action ?? {}, 'schema')
    default:
      return undefined
  }
}

function closed(properties: Record<string, Json>, optional: readonly string[] = []): Json {
  return { type: 'object', properties, required: Object.keys(properties).filter((key) => !optional.includes(key)), additionalProperties: false }
}
