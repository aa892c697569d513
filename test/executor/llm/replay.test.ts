import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { askModel } from '../../../executor/llm/ask-model.js'
import type { Ask } from '../../../executor/llm/provider.js'
import type { Recording } from '../../../executor/llm/replay.js'
import type { Message, ModelGrant } from '../../../protocol/model.js'
import { testBench } from '../../support/bench.js'

const { bench, root } = await testBench()
const recordings: typeof bench = { ...bench, options: { ...bench.options, recordings: root } }
const grant: ModelGrant = {
  name: 'recorded', provider: 'replay', url: '', model: 'demo', context: 8192, maxOutput: 500, price: { input: 0, cached: 0, output: 0 }, capabilities: [], timeout: 5000,
}
const user = (text: string): Message => ({ role: 'user', text })
const said = (text: string): Message => ({ role: 'assistant', text, calls: [] })
const ask = (messages: Message[], more: Partial<Ask> = {}, from = recordings) => askModel(from, { ...grant, ...more.model }, { messages, tools: [], maxTokens: 500, idempotencyKey: 'k', signal: new AbortController().signal, ...more })
const write = (name: string, recording: Recording | object | string) => writeFileSync(join(root, name), typeof recording === 'string' ? recording : JSON.stringify(recording))

write('demo.json', {
  title: 'a demo', recordedWith: 'a model, one day',
  conversations: [
    { when: 'weather', answers: [{ text: 'Let me see.', calls: [{ name: 'LIST_NETS', input: { session: 'demo' } }] }, { text: 'It rains, and rains, and rains.', usage: { input: 5, cached: 1, output: 2 } }] },
    { when: 'the weather in Rome', answers: [{ text: 'Sunny.' }] },
  ],
} satisfies Recording)

test('it says what was recorded, labelled, in its order', async () => {
  const pieces: string[] = []
  expect(await ask([user('how is the weather?')])).toEqual({
    text: 'Let me see.', calls: [{ id: 'call_1_0', name: 'LIST_NETS', input: { session: 'demo' } }], stop: 'tools', usage: { input: 0, cached: 0, output: 0 }, replayed: true,
  })
  const next = await ask([user('how is the weather?'), said('Let me see.'), { role: 'tool', id: 'call_1_0', name: 'LIST_NETS', text: '[]' }], { onText: (piece) => pieces.push(piece) })
  expect(next).toMatchObject({ text: 'It rains, and rains, and rains.', stop: 'end', usage: { input: 5, cached: 1, output: 2 }, replayed: true })
  expect(pieces.join('')).toBe(next.text)
  expect(pieces.length).toBeGreaterThan(1)
})

test('the longest beginning chooses, of the latest message that is one', async () => {
  expect((await ask([user('and the weather in Rome?')])).text).toBe('Sunny.')
  expect((await ask([user('weather'), said('a'), said('b'), user('the weather in Rome'), user('say DONE')])).text).toBe('Sunny.')
})

test.each([
  ['an unknown beginning', [user('hello')], {}, 'it knows: "weather", "the weather in Rome"'],
  ['more answers than there are', [user('weather'), said('1'), said('2')], {}, 'ends after 2 answers to "weather"'],
  ['a recording that is not there', [user('weather')], { model: 'other' }, 'neither other.json nor other/recording.json'],
  ['a way out of the folder', [user('weather')], { model: '../demo' }, 'is no name of a recording'],
  ['a recording that is no JSON', [user('weather')], { model: 'broken' }, 'is no JSON'],
  ['a recording of another form', [user('weather')], { model: 'misfit' }, 'misfit'],
] as const)('%s is said to be so', async (_, messages, more, words) => {
  write('broken.json', '{"title":')
  write('misfit.json', { title: 'x', recordedWith: 'y', conversations: [{ when: 'weather', answer: [] }] })
  await expect(ask([...messages], { model: { ...grant, ...more } })).rejects.toMatchObject({ code: 'no-recording', passing: false, message: expect.stringContaining(words) })
})

test('a folder of its own will do, and without recordings it says what to set', async () => {
  mkdirSync(join(root, 'log-chat'))
  write('log-chat/recording.json', { title: 't', recordedWith: 'm', conversations: [{ when: 'a', answers: [{ text: 'b' }] }] })
  expect((await ask([user('a')], { model: { ...grant, model: 'log-chat' } })).text).toBe('b')
  await expect(ask([user('weather')], {}, bench)).rejects.toMatchObject({ code: 'no-recording', message: expect.stringContaining('AGENTICOS_EXECUTOR_RECORDINGS') })
})

test('it can be stopped in the middle', async () => {
  const stop = new AbortController()
  await expect(ask([user('weather'), said('x')], { signal: stop.signal, onText: () => stop.abort() })).rejects.toMatchObject({ code: 'aborted' })
})
