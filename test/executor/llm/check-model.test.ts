import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { checkModel } from '../../../executor/llm/check-model.js'
import { modelCheck } from '../../../protocol/model.js'
import { testBench } from '../../support/bench.js'
import { scriptedGrant } from '../../support/scripted-model/grant.js'
import type { Reply, ScriptedRequest } from '../../support/scripted-model/reply.js'
import { startScriptedModel } from '../../support/scripted-model/server.js'

const model = await startScriptedModel()
afterAll(() => model.close())
const { bench, root } = await testBench({ AGENTICOS_EXECUTOR_MODEL_HOSTS: 'http://127.0.0.0/8' })
const signal = new AbortController().signal

/** A model that can do it all. */
const able = ({ tools, schema }: ScriptedRequest): Reply =>
  tools.length > 0 ? { calls: [{ name: 'choose_colour', input: { colour: 'red' } }] } : schema !== undefined ? { text: '{"colour":"green"}' } : { text: 'one two three four five six seven eight nine ten', everyMs: 0 }

test.each(['openai', 'ollama'] as const)('a good model on the %s wire works, and its cost is told', async (wire) => {
  model.script((request) => ({ ...able(request), usage: { input: 10, output: 5 } }) as Reply)
  const check = await checkModel(bench, scriptedGrant(model, wire, { price: { input: 150_000, cached: 150_000, output: 600_000 } }), signal)
  expect(modelCheck.parse(check)).toMatchObject({ model: 'scripted', ok: true, works: { plain: true, stream: true, tools: true, schema: true }, usage: { input: 30, cached: 0, output: 15 }, micros: 15, errors: [] })
  expect(check.firstMs).toBeGreaterThanOrEqual(0)
})

test('a model without capabilities is asked in words', async () => {
  model.script((request) => request.messages[0]!.text.includes('choose_colour:') ? { text: '{"tool":"choose_colour","input":{"colour":"red"}}' }
    : request.messages[0]!.text.includes('JSON Schema') ? { text: '```json\n{"colour":"green"}\n```' } : able(request))
  expect(await checkModel(bench, scriptedGrant(model, 'openai', { capabilities: [] }), signal)).toMatchObject({ ok: true, works: { tools: true, schema: true } })
})

test('what a model does not do is said, with what to do', async () => {
  model.script(() => ({ text: 'I would rather not.' }))
  expect(await checkModel(bench, scriptedGrant(model, 'openai'), signal)).toMatchObject({
    ok: false, works: { plain: true, stream: false, tools: false, schema: false }, errors: [
      { of: 'stream', code: 'no-stream' }, { of: 'tools', code: 'no-call', message: expect.stringContaining('take tools out of its capabilities') },
      { of: 'schema', code: 'no-fit', message: expect.stringContaining('take schema out of its capabilities') },
    ],
  })
})

test('a model that is not there is asked once', async () => {
  model.script([{ fault: 'status', status: 404, message: 'no such model' }])
  const before = model.calls.length
  expect(await checkModel(bench, scriptedGrant(model, 'ollama', { model: 'gone' }), signal)).toMatchObject({
    ok: false, works: { plain: false }, micros: 0, errors: [{ of: 'plain', code: 'not-found', message: expect.stringContaining('ollama pull gone') }],
  })
  expect(model.calls.length).toBe(before + 1)
})

test('a recording works when it can be read', async () => {
  const grant = scriptedGrant(model, 'openai', { provider: 'replay', model: 'demo' })
  const withFolder = (recordings: string | undefined) => checkModel({ ...bench, options: { ...bench.options, recordings } }, grant, signal)
  writeFileSync(join(root, 'demo.json'), JSON.stringify({ title: 't', recordedWith: 'm', conversations: [{ when: 'a', answers: [{ text: 'b' }] }] }))
  expect(await withFolder(root)).toMatchObject({ ok: true, works: { plain: true }, errors: [] })
  expect(await withFolder(undefined)).toMatchObject({ ok: false, works: { plain: false }, errors: [{ code: 'no-recording' }] })
})

test('a stopped check ends', async () => {
  const stop = new AbortController()
  model.script([{ fault: 'hang' }])
  const before = model.calls.length
  const checked = checkModel(bench, scriptedGrant(model, 'openai'), stop.signal)
  await model.arrived(before + 1)
  stop.abort()
  await expect(checked).rejects.toMatchObject({ code: 'aborted' })
})
