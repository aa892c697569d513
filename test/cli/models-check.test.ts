import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cli } from '../support/cli.js'
import type { Reply, ScriptedRequest } from '../support/scripted-model/reply.js'
import { startScriptedModel } from '../support/scripted-model/server.js'
import { startWhole, type Whole } from '../support/whole.js'

const KEY = 'sk-hush-4711-never-shown'
const model = await startScriptedModel()
afterAll(() => model.close())

const able = ({ tools, schema }: ScriptedRequest): Reply => ({
  ...(tools.length > 0 ? { calls: [{ name: tools[0]!.name, input: { colour: 'red' } }] } : { text: schema === undefined ? 'one two three four five six' : '{"colour":"green"}' }),
  usage: { input: 1000, output: 500 },
})

let whole: Whole
const run = async (...args: string[]) => cli(args, { env: { AGENTICOS_SERVER: whole.url, AGENTICOS_TOKEN: whole.admin } })

describe('agenticos models check', () => {
  beforeAll(async () => {
    whole = await startWhole()
  })

  it('says how to configure a model where there is none', async () => {
    expect(await run('models', 'check')).toMatchObject({ code: 2, err: expect.stringContaining('models.yaml') })
  })

  it('says what is missing where no executor calls models', async () => {
    await whole.merge({
      'models.yaml': `apiVersion: agenticos.dev/v1
kind: Models
models:
  good: {provider: openai, url: ${model.url}, model: scripted, price: {input: 0.15, output: 0.60}, key: "env:MODEL_KEY"}
  free: {provider: ollama, url: ${model.ollamaUrl}, model: scripted, price: free}
  keyless: {provider: openai, url: ${model.url}, model: scripted, price: free, key: "env:NO_SUCH_KEY"}
`,
    })
    model.script(able)
    const { code, out } = await run('models', 'check', 'good')
    expect({ code, out }).toMatchObject({ code: 1, out: expect.stringContaining('no executor is there that does llm; start one') })
  })

  it('tries each model and tells what works, how fast and for how much; one that fails makes it exit 1', async () => {
    const { stop } = await whole.executor({ AGENTICOS_EXECUTOR_MODEL_HOSTS: 'http://127.0.0.0/8', AGENTICOS_CREDENTIALS: 'MODEL_KEY@127.0.0.1', MODEL_KEY: KEY })
    const told = await run('models', 'check', '-o', 'json')
    expect(told.code).toBe(1)
    const { items } = JSON.parse(told.out) as { items: Record<string, any>[] }
    const by = Object.fromEntries(items.map((item) => [item['model'], item]))
    expect(by['good']).toMatchObject({ ok: true, works: { plain: true, tools: true, schema: true }, usage: { input: 3000, output: 1500 }, micros: 1350, usd: 0.00135 })
    expect(by['free']).toMatchObject({ ok: true, micros: 0 })
    expect(by['keyless']).toMatchObject({ ok: false, errors: [expect.objectContaining({ of: 'plain', message: expect.stringContaining('NO_SUCH_KEY') })] })

    const shown = await run('models', 'check', 'good')
    expect(shown.code).toBe(0)
    expect(shown.out).toMatch(/^MODEL +OK +PLAIN +TOOLS +SCHEMA +STREAM/)
    expect(shown.out).toContain('these tries cost $0.00135, booked on session system')
    expect(told.out + shown.out).not.toContain(KEY)
    await stop()
  })

  it('books what was spent, and knows near names', async () => {
    const rows = await whole.db.query(`select session, transition, model, calls, micros from runtime.spend`)
    expect(rows).toContainEqual({ session: 'system', transition: 'models-check', model: 'good', calls: 2, micros: 2700 })
    expect(await run('models', 'check', 'goood')).toMatchObject({ code: 1, err: expect.stringContaining('did you mean good?') })
  })
})
