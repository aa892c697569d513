import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Json } from '../../petri/json.js'
import { demoNet } from '../support/demo-net.js'
import { scriptedModels } from '../support/scripted-models.js'
import { startScriptedModel, type ScriptedModel } from '../support/scripted-model/server.js'
import type { ScriptedRequest } from '../support/scripted-model/reply.js'
import { startWhole, type Whole } from '../support/whole.js'

let model: ScriptedModel
let whole: Whole
beforeAll(async () => {
  model = await startScriptedModel()
  whole = await startWhole({ ...demoNet('two-agents'), 'models.yaml': scriptedModels(model) })
  await whole.executor({ AGENTICOS_EXECUTOR_MODEL_HOSTS: new URL(model.ollamaUrl).origin })
})
afterAll(() => model.close())

const done = (result: Json) => ({ calls: [{ name: 'DONE', input: { summary: 'done', result } }] })
const isReviewer = ({ messages }: ScriptedRequest): boolean => messages[0]!.text.includes('You are a reviewer')
/** A reviewer that accepts the design of that round. */
const acceptsAt = (round: number) => (request: ScriptedRequest) => {
  if (!isReviewer(request)) return done({ design: `a design that meets: ${/Objections to it: (.*)/.exec(request.first)?.[1] ?? ''}` })
  const now = Number(/Design, round (\d)/.exec(request.first)![1])
  return done({ accept: now === round, objections: now === round ? [] : [`too long in round ${now}`] })
}

async function ends(place: string, task: string): Promise<Json> {
  await whole.put('demo/two-agents/tasks', { task }, task)
  return whole.until(`${task} ends`, async () => (await whole.tokens(`demo/two-agents/${place}`)).find((one) => (one as { task: string }).task === task))
}

describe('two-agents', () => {
  it('hands a task over until the reviewer accepts, with the objections each time', async () => {
    model.script(acceptsAt(2))
    expect(await ends('accepted', 'a door')).toEqual({ task: 'a door', design: 'a design that meets: too long in round 1', rounds: 2 })
  })

  it('gives up after three rounds', async () => {
    model.script(acceptsAt(9))
    const before = model.calls.length
    expect(await ends('given-up', 'a bridge')).toEqual({ task: 'a bridge', round: 3, why: 'too long in round 3' })
    expect(model.calls.length - before).toBe(6)
  })

  it('gives up with the reason when an agent fails', async () => {
    model.script((request) => (isReviewer(request) ? { calls: [{ name: 'FAIL', input: { reason: 'I cannot judge this', tried: 'reading it' } }] } : done({ design: 'x' })))
    expect(await ends('given-up', 'a riddle')).toEqual({ task: 'a riddle', round: 1, why: 'the reviewer failed: I cannot judge this' })
  })

  it('leaves nothing lying about, and each hand-off is one event', async () => {
    for (const place of ['tasks', 'designs', '_failed']) expect(await whole.tokens(`demo/two-agents/${place}`)).toEqual([])
    const settled = (await whole.events('demo')).filter(({ type }) => type === 'effect.settled')
    for (const event of settled) expect([(event['consumed'] as unknown[]).length, (event['produced'] as unknown[]).length]).toEqual([1, 1])
  })
})
