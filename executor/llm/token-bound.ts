import { utf8Length } from '../../petri/canonical.js'
import type { Message } from '../../protocol/model.js'
import type { Ask, OfferedTool } from './provider.js'

// No tokeniser makes more than one token of a byte. What a chat template writes around messages and tools is bounded by
// generous constants: templates take about five tokens a message and some two hundred for tools as such.

const REQUEST = 64
const MESSAGE = 16
const CALL = 32
const TOOLS = 1024
const TOOL = 48

/** A conversation is bounded anew with each of its calls: what has been counted once is remembered with it. */
const known = new WeakMap<object, number>()

/** Upper bound of the tokens of one message. */
export function messageBound(message: Message): number {
  return remembered(message, () => boundOf(message))
}

function boundOf(message: Message): number {
  const calls = message.role !== 'assistant' ? 0 : message.calls.reduce((sum, { id, name, input }) => sum + CALL + jsonBytes(input) + utf8Length(id) + utf8Length(name), 0)
  const address = message.role === 'tool' ? utf8Length(message.id) + utf8Length(message.name) : 0
  return MESSAGE + utf8Length(message.text) + calls + address
}

/** Upper bound of the tokens of what a request offers besides its messages. */
export function toolsBound(tools: readonly OfferedTool[]): number {
  return tools.length === 0 ? 0 : remembered(tools, () => tools.reduce((sum, tool) => sum + TOOL + jsonBytes(tool), TOOLS))
}

/** Upper bound of the input tokens of a call, whatever the tokeniser: what a grant is asked for. A likely figure is a third of it. */
export function tokenBound({ messages, tools, schema }: Pick<Ask, 'messages' | 'tools' | 'schema'>): number {
  const said = messages.reduce((sum, message) => sum + messageBound(message), REQUEST)
  return said + toolsBound(tools) + (schema === undefined ? 0 : TOOL + jsonBytes(schema) * 2)
}

function remembered(what: object, count: () => number): number {
  const before = known.get(what)
  if (before !== undefined) return before
  const bound = count()
  known.set(what, bound)
  return bound
}

function jsonBytes(value: unknown): number {
  return utf8Length(JSON.stringify(value))
}
