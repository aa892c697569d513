import { admitText } from '../../petri/canonical.js'
import type { Json } from '../../petri/json.js'
import { compileSchema } from '../../petri/schema.js'
import type { LlmRequest, Outcome } from '../../protocol/effect.js'
import type { Message } from '../../protocol/model.js'
import { callModel, modelFailed, type Exchange } from '../agent/call.js'
import { outOfTime, withExchange } from '../agent/exchange.js'
import { failed } from '../failed.js'
import { ModelFault } from '../llm/provider.js'
import { unfenced } from '../unfenced.js'
import type { LongKind } from './kind.js'

const REPAIRS = 2
const MOST_TOLD = 8

/** llm: one answer of a model. With a schema it fits that, after two more turns at most, or the firing fails. */
export const llm: LongKind<LlmRequest> = (effect, _credentials, bench, signal) => {
  const words = { partial: () => null, late: () => outOfTime('timeout', effect.timeoutMs, null) }
  return withExchange(effect, bench, signal, words, (exchange) => runLlm(exchange, effect.request))
}

async function runLlm(exchange: Exchange, request: LlmRequest): Promise<Outcome> {
  const system: Message[] = request.system === undefined ? [] : [{ role: 'system', text: request.system }]
  const messages: Message[] = [...system, { role: 'user', text: request.prompt }]
  let sent: readonly Message[] = [...messages]
  for (let repairs = 0; ; repairs++) {
    const { temperature, schema } = request
    const wanted = { purpose: repairs === 0 ? 'answer' as const : 'repair' as const, messages, sent, tools: [], temperature, schema: schema as Json | undefined }
    let answer
    try {
      answer = await callModel(exchange, { ...wanted, maxTokens: (model) => request.maxTokens ?? model.maxOutput })
    } catch (error) {
      if (error instanceof ModelFault) return modelFailed(error, 1, null)
      throw error
    }
    const text = answer.text.toWellFormed().replaceAll('\0', '\ufffd')
    const detail = { text, model: exchange.model.name }
    if (answer.stop === 'refused') return failed('model-refused', `model ${exchange.model.name} will not do this: ${text.slice(0, 500)}`, { detail })
    if (answer.stop === 'length') return failed('answer-cut', `the answer was cut off after ${answer.usage.output} tokens; raise maxTokens, or ask for less`, { detail })
    if (request.schema === undefined) return { status: 'done', result: { text } }
    const read = judge(text, request.schema as Json)
    if ('value' in read) return { status: 'done', result: read.value as never }
    if (repairs === REPAIRS) return failed('answer-misfit', `the answer does not fit the schema, ${REPAIRS} repairs tried: ${read.wrong}`, { detail })
    const told: Message = { role: 'user', text: `That answer cannot be used: ${read.wrong}\nAnswer again with one JSON value that fits the schema, and nothing else.` }
    messages.push({ role: 'assistant', text: answer.text, calls: [] }, told)
    sent = [told]
  }
}

function judge(text: string, schema: Json): { readonly value: Json } | { readonly wrong: string } {
  const read = admitText(unfenced(text))
  if (!read.ok) return { wrong: `it is no JSON: ${read.message}; ${read.remedy}` }
  const compiled = compileSchema(schema)
  // The doctor saw the schema before it was merged.
  if (!compiled.ok) throw new Error(`the schema cannot be used: ${compiled.message}`)
  const misfits = compiled.value(read.value)
  if (misfits.length === 0) return { value: read.value }
  return { wrong: misfits.slice(0, MOST_TOLD).map(({ path, message }) => `${path} ${message}`).join('; ') }
}
