import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Json } from '../../petri/json.js'
import { demoNet } from '../support/demo-net.js'
import { scriptedModels } from '../support/scripted-models.js'
import { startScriptedModel, type ScriptedModel } from '../support/scripted-model/server.js'
import { startWhole, type Whole } from '../support/whole.js'

let model: ScriptedModel
let whole: Whole
beforeAll(async () => {
  model = await startScriptedModel()
  whole = await startWhole({ ...demoNet('coordinator', undefined, 'system'), ...demoNet('log-questions'), 'models.yaml': scriptedModels(model) })
  await whole.executor({ AGENTICOS_EXECUTOR_MODEL_HOSTS: new URL(model.ollamaUrl).origin })
})
afterAll(() => model.close())

const done = (result: Json) => ({ calls: [{ name: 'DONE', input: { summary: 'done', result } }] })
let answered = 0
/** Asks, and gives the reply. */
async function ask(conversation: string, text: string, more: Record<string, string> = {}): Promise<{ text?: string; error?: string; code?: string }> {
  const before = answered++
  await whole.put('system/coordinator/requests', { text, conversation, ...more }, conversation)
  const replies = await whole.until('a reply comes', async () => {
    const all = await whole.tokens('system/coordinator/replies')
    return all.length > before && all
  })
  return replies.at(-1) as { text?: string }
}
/** Names of the tools that the last model call offered. */
const offered = (): string[] => model.calls.at(-1)!.request.tools.map(({ name }) => name)

describe('coordinator', () => {
  it('answers, and reads back in the next turn what was said in this conversation and in no other', async () => {
    model.script([done({ text: 'Hello Ada', notes: 'her name is Ada' }), done({ text: 'Your name is Ada' }), done({ text: 'I do not know' })])
    expect(await ask('chat-a', 'I am Ada')).toEqual({ text: 'Hello Ada' })
    expect(await ask('chat-a', 'Who am I?')).toEqual({ text: 'Your name is Ada' })
    const { first } = model.calls.at(-1)!.request
    expect(first).toContain('her name is Ada')
    expect(first).toContain('Person: I am Ada')
    await ask('chat-b', 'Who am I?')
    expect(model.calls.at(-1)!.request.first).not.toContain('Ada')
  })

  it('keeps of a long conversation so many characters and no more', async () => {
    model.script(() => done({ text: 'y'.repeat(3_000), notes: 'n'.repeat(1_000) }))
    const sent: number[] = []
    for (let turn = 0; turn < 9; turn++) {
      await ask('chat-long', `${turn} ${'x'.repeat(3_000)}`)
      sent.push(model.calls.at(-1)!.request.first.length)
    }
    expect(sent.at(-1)).toBe(sent.at(-2))
    expect(sent.at(-1)!).toBeLessThan(20_000)
  })

  it('gives the tools of the role that was asked for, as the net has it', async () => {
    model.script(() => done({ text: 'ok' }))
    await ask('chat-roles', 'look', { role: 'rl' })
    expect(offered()).toEqual(expect.arrayContaining(['LIST_PLACES', 'QUERY_EVENTS']))
    expect(offered()).not.toContain('CREATE_TOKEN')
    await ask('chat-roles', 'design')
    expect(offered()).toContain('CREATE_TOKEN')
    expect(offered()).not.toContain('FIRE_ONCE')
  })

  it('says how to get a role that nobody has, and gives nobody less in silence', async () => {
    const before = model.calls.length
    for (const role of ['rwxl', 'rwxhl']) expect(await ask('chat-refused', 'stop it', { role })).toEqual({ code: 'no-such-role', error: expect.stringContaining(`"/role ${role}" in agenticos chat offers to propose it`) })
    expect(model.calls).toHaveLength(before)
  })

  it('answers with the reason when the agent fails, and goes on after it', async () => {
    model.script([{ calls: [{ name: 'FAIL', input: { reason: 'there is no such net', tried: 'looking' } }] }, done({ text: 'fine' })])
    expect(await ask('chat-fails', 'stop the net of the moon')).toEqual({ error: 'there is no such net', code: 'agent-failed' })
    expect(await ask('chat-fails', 'never mind')).toEqual({ text: 'fine' })
    expect(model.calls.at(-1)!.request.first).toContain('You gave no reply: there is no such net')
  })

  it('sees other sessions, and remembers for all conversations what it chose to', async () => {
    model.script([
      { calls: [{ name: 'LIST_PLACES', input: { session: 'demo', net: 'log-questions' } }, { name: 'EMIT_MEMORY', input: { name: 'log-net', data: { net: 'demo/log-questions' } } }] },
      done({ text: 'there are four places' }), done({ text: 'demo/log-questions' }),
    ])
    expect(await ask('chat-see', 'which places has log-questions?')).toEqual({ text: 'there are four places' })
    expect(model.calls.at(-1)!.request.messages.filter(({ role }) => role === 'tool').map(({ text }) => text).join()).toContain('questions')
    await ask('chat-other', 'which net is about logs?')
    expect(model.calls.at(-1)!.request.first).toContain('demo/log-questions')
  })

  it('lets the operator operate once a person has merged it, each agent within exactly its role', async () => {
    const { 'nets/system/operator.yaml': operator } = demoNet('operator', undefined, 'system')
    await whole.merge({ 'nets/system/operator.yaml': operator! })
    model.script([
      { calls: [{ name: 'EMIT_MEMORY', input: { name: 'stops', data: 'ask first' } }] }, done({ text: 'operated' }), done({ text: 'called out' }), done({ text: 'designed' }),
    ])
    expect(await ask('chat-operate', 'operate', { role: 'rwxl' })).toEqual({ text: 'operated' })
    expect(offered()).toContain('FIRE_ONCE')
    expect(offered()).not.toContain('HTTP_CALL')
    expect(await ask('chat-operate', 'call out', { role: 'rwxhl' })).toEqual({ text: 'called out' })
    expect(offered()).toContain('HTTP_CALL')
    expect(model.calls.at(-1)!.request.first).toContain('You: operated')
    expect(model.calls.at(-1)!.request.first).toContain('ask first')
    expect(await ask('chat-operate', 'design')).toEqual({ text: 'designed' })
    expect(offered()).not.toContain('FIRE_ONCE')
    expect(await whole.tokens('system/operator/_failed')).toEqual([])
  })

  it('lets no request lie, and none become a dead letter', async () => {
    for (const place of ['requests', '_failed']) expect(await whole.tokens(`system/coordinator/${place}`)).toEqual([])
    expect(await whole.tokens('system/coordinator/replies')).toHaveLength(answered)
  })
})
