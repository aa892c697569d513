import { randomUUID } from 'node:crypto'
import { costMicros, type Usage } from '../../petri/models.js'
import { compileSchema } from '../../petri/schema.js'
import type { Json } from '../../petri/json.js'
import type { Answer, ModelCheck, ModelGrant } from '../../protocol/model.js'
import type { Bench } from '../kinds/kind.js'
import { parseOutput } from '../parse-output.js'
import { askModel } from './ask-model.js'
import { ModelFault, type Ask, type OfferedTool } from './provider.js'
import { readRecording } from './replay.js'

type Ability = ModelCheck['errors'][number]['of']

const MOST_TOKENS = 512
const SCHEMA: Json = { type: 'object', properties: { colour: { enum: ['red', 'green'] } }, required: ['colour'], additionalProperties: false }
const TOOL: OfferedTool = {
  name: 'choose_colour', description: 'Chooses a colour.', parameters: { type: 'object', properties: { colour: { type: 'string', enum: ['red', 'green'] } }, required: ['colour'] },
}

/** Calls a model once for each thing it is said to be able to do. Never rejects but when the signal is aborted. */
export async function checkModel(bench: Pick<Bench, 'options' | 'models'>, model: ModelGrant, signal: AbortSignal): Promise<ModelCheck> {
  const check = new Check(bench, model, signal)
  await (model.provider === 'replay' ? check.recorded() : check.words())
  if (check.works.plain === true && model.provider !== 'replay') {
    await check.tool()
    await check.schema()
  }
  return check.done()
}

class Check {
  readonly works: ModelCheck['works'] = {}
  readonly #errors: ModelCheck['errors'] = []
  readonly #from = performance.now()
  #usage: Usage = { input: 0, cached: 0, output: 0 }
  #micros = 0
  #firstMs: number | undefined
  #speed: number | undefined
  readonly #bench: Pick<Bench, 'options' | 'models'>
  readonly #model: ModelGrant
  readonly #signal: AbortSignal

  constructor(bench: Pick<Bench, 'options' | 'models'>, model: ModelGrant, signal: AbortSignal) {
    this.#bench = bench
    this.#model = model
    this.#signal = signal
  }

  /** A recording says what it was recorded with, and nothing to this: that it can be read is all there is to try. */
  async recorded(): Promise<void> {
    await this.#tried('plain', () => readRecording(this.#bench.options.recordings, this.#model.model))
    this.works.plain ??= true
  }

  async words(): Promise<void> {
    const from = performance.now()
    let pieces = 0
    let firstAt = 0
    const answer = await this.#ask('plain', 'Write two short sentences about the sea.', {
      onText() {
        pieces += 1
        firstAt ||= performance.now()
      },
    })
    if (answer === undefined) return
    const { output } = answer.usage
    if (firstAt > 0) this.#firstMs = Math.round(firstAt - from)
    if (output > 1 && performance.now() > firstAt && firstAt > 0) this.#speed = Math.round(output / ((performance.now() - firstAt) / 1000) * 10) / 10
    this.#judge('plain', answer.text.trim() !== '', 'no-text', 'it answers nothing; raise maxOutput in models.yaml if it thinks before it speaks')
    // One word is one piece wherever it comes from.
    if (pieces > 1 || output > 2) this.#judge('stream', pieces > 1, 'no-stream', 'its answer comes in one piece; it works, but nobody sees it speak')
  }

  async tool(): Promise<void> {
    const answer = await this.#ask('tools', 'Choose the colour red: call the tool choose_colour.', { tools: [TOOL] })
    if (answer === undefined) return
    const call = answer.calls.find(({ name }) => name === TOOL.name)
    const remedy = this.#model.capabilities.includes('tools') ? 'take tools out of its capabilities in models.yaml, and it is asked in a JSON form instead' : 'it does not keep to the JSON form: give agents another model'
    const fits = call !== undefined && misfits(TOOL.parameters, call.input as Json).length === 0
    this.#judge('tools', fits, 'no-call', `${call === undefined ? 'it does not call the tool' : 'it calls the tool with a wrong input'}; ${remedy}`)
  }

  async schema(): Promise<void> {
    const answer = await this.#ask('schema', 'Name the colour of grass, as JSON.', { schema: SCHEMA })
    if (answer === undefined) return
    const read = parseOutput('json', answer.text.replace(/^\s*```(?:json)?\s*\n([^]*?)\n```\s*$/, '$1').trim())
    const remedy = this.#model.capabilities.includes('schema') ? 'take schema out of its capabilities in models.yaml, and it is told in words' : 'answers with a schema will need repairs'
    this.#judge('schema', read.ok && misfits(SCHEMA, read.value).length === 0, 'no-fit', `its answer does not fit the schema; ${remedy}`)
  }

  done(): ModelCheck {
    return {
      model: this.#model.name, ok: this.#errors.every(({ of }) => of === 'stream'), works: this.works, ms: Math.round(performance.now() - this.#from), usage: this.#usage, micros: this.#micros, errors: this.#errors,
      ...(this.#firstMs === undefined ? {} : { firstMs: this.#firstMs }), ...(this.#speed === undefined ? {} : { tokensPerSecond: this.#speed }),
    }
  }

  async #ask(of: Ability, text: string, more: Partial<Ask>): Promise<Answer | undefined> {
    const model = this.#model
    const answer = await this.#tried(of, () => askModel(this.#bench, model, {
      messages: [{ role: 'user', text }], tools: [], maxTokens: Math.min(model.maxOutput, MOST_TOKENS), idempotencyKey: `check-${randomUUID()}`, signal: this.#signal, ...more,
    }))
    if (answer !== undefined) this.#book(answer.usage)
    return answer
  }

  async #tried<T>(of: Ability, act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act()
    } catch (error) {
      if (!(error instanceof ModelFault) || this.#signal.aborted) throw error
      if (error.usage !== undefined) this.#book(error.usage)
      this.#judge(of, false, error.code, error.message)
      return undefined
    }
  }

  #book(usage: Usage): void {
    this.#usage = { input: this.#usage.input + usage.input, cached: this.#usage.cached + usage.cached, output: this.#usage.output + usage.output }
    this.#micros += costMicros(this.#model.price, usage)
  }

  #judge(of: Ability, works: boolean, code: string, message: string): void {
    this.works[of] = works
    if (!works) this.#errors.push({ of, code, message })
  }
}

function misfits(schema: Json, value: Json): readonly unknown[] {
  const compiled = compileSchema(schema)
  return compiled.ok ? compiled.value(value) : [compiled]
}
