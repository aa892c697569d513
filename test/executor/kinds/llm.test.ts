import { expect, test } from 'vitest'
import { agentBed, fired } from '../../support/agent-bed.js'
import type { Reply } from '../../support/scripted-model/reply.js'
import { netText } from '../../support/merge-net.js'

const bed = await agentBed({
  scripted: 'maxOutput: 500, timeout: 20s, fallback: [second]',
  models: (model) => ({
    second: `{provider: ollama, url: '${model.ollamaUrl}', model: second, context: 50000, price: free}`,
    alone: `{provider: openai, url: '${model.url}', model: alone, price: {input: 1, output: 2}}`,
    ...Object.fromEntries(Array.from({ length: 6 }, (_, at) => [`ill-${at}`, `{provider: openai, url: '${model.url}', model: ill-${at}, price: {input: 1, output: 2}}`])),
  }),
})
const net = (name: string, words: string, more = ''): Record<string, string> => ({
  [`nets/demo/${name}.yaml`]: netText(name, `places: {tasks: {category: task}, results: {category: task}, failures: {category: task}}
transitions:
  work:
    kind: llm
    in: {task: tasks}
    do: {prompt: 'Classify: \${task.text}', ${words}}
    budget: {usd: 1, per: firing}
${more}    out: {results: {}, failures: {when: error}}
`),
})
const level = '{type: object, required: [level], additionalProperties: false, properties: {level: {enum: [low, high]}}}'
await bed.merge({
  'nets/demo/session.yaml': 'apiVersion: agenticos.dev/v1\nkind: Session\nmetadata: {name: demo}\n',
  ...net('plain', "system: 'Be short.'"), ...net('typed', `model: alone, schema: ${level}`), ...net('once', "model: '${task.model}'", '    retry: {attempts: 1}\n'),
  ...net('brief', 'model: alone', '    timeout: 3s\n    retry: {attempts: 1}\n'),
})
await bed.executor()

test('one prompt, one answer: text without a schema, the value with one, also out of a code fence', async () => {
  expect(await fired(bed, 'plain', [{ text: 'fine' }])).toEqual({ done: { text: 'fine' } })
  expect(bed.model.calls.at(-1)!.request.messages).toEqual([{ role: 'system', text: 'Be short.' }, { role: 'user', text: 'Classify: the task' }])
  expect(await fired(bed, 'typed', [{ text: '{"level": "low"}' }])).toEqual({ done: { level: 'low' } })
  expect(await fired(bed, 'typed', [{ text: '```json\n{"level": "high"}\n```' }])).toEqual({ done: { level: 'high' } })
})

test('an answer that misfits gets two repairs, told exactly what is wrong, and then is a failure with its text, never an answer', async () => {
  const seen = bed.model.calls.length
  expect(await fired(bed, 'typed', [{ text: 'it is low' }, { text: '{"level": "middle"}' }, { text: '{"level": "low"}' }])).toEqual({ done: { level: 'low' } })
  const told = bed.model.calls.slice(seen + 1).map(({ request }) => request.last)
  expect(told[0]).toContain('it is no JSON')
  expect(told[1]).toContain('$.level')
  const { error } = await fired(bed, 'typed', () => ({ text: '{"level": 7}' }))
  expect(error).toMatchObject({ code: 'answer-misfit', detail: { text: '{"level": 7}' } })
})

test('an answer that was cut off, or refused, is a failure of its own', async () => {
  const task = { text: 'a', model: 'alone' }
  expect((await fired(bed, 'once', [{ text: 'half an ans', stop: 'length' }], task)).error).toMatchObject({ code: 'answer-cut', detail: { text: 'half an ans' } })
  expect((await fired(bed, 'once', [{ text: 'I will not', stop: 'refused' }], task)).error).toMatchObject({ code: 'model-refused' })
})

test('a model that is not there leaves the call to its fallback, over the other wire, and both calls are recorded', async () => {
  expect(await fired(bed, 'plain', ({ model }) => (model === 'second' ? { text: 'from the second' } : { fault: 'status', status: 401, message: 'no' }))).toEqual({ done: { text: 'from the second' } })
  expect(bed.model.calls.at(-1)!.request.wire).toBe('ollama')
  const calls = (await bed.events('llm.called')).slice(-2)
  expect(calls.map((event) => [event['model'], event['call']])).toEqual([['scripted', 1], ['second', 2]])
})

const ILL: readonly (readonly [string, Reply, string])[] = [
  ['a stream that is cut', { fault: 'cut' }, 'transport'],
  ['a line that is no JSON', { fault: 'bad-json' }, 'bad-answer'],
  ['an answer of ten megabytes', { fault: 'huge' }, 'bad-answer'],
  ['a model that is busy', { fault: 'rate-limited', retryAfter: 0 }, 'overloaded'],
  ['a server error', { fault: 'status', status: 500 }, 'server-error'],
  ['an error in the middle', { fault: 'error-midway' }, 'server-error'],
]

test.each(ILL.map(([title, fault, code], at) => ({ title, fault, code, model: `ill-${at}` })))('$title for ever ends as a failed model, never as an answer', async ({ fault, code, model }) => {
  const { error } = await fired(bed, 'once', () => fault, { text: 'a', model })
  expect(error).toMatchObject({ code: 'model-failed', detail: { fault: code } })
})

test('a model that hangs ends with the time of the transition', async () => {
  expect((await fired(bed, 'brief', () => ({ fault: 'hang', midway: true }))).error).toMatchObject({ code: 'timeout' })
})

test('what was charged is what the events say, to the micro-dollar', async () => {
  const rows = await bed.api.db.query<{ micros: string }>(`select sum(micros)::text as micros from runtime.calls where kind = 'model'`)
  const events = await bed.events('llm.called')
  expect(Number(rows[0]!.micros)).toBe(events.reduce((sum, event) => sum + Number(event['micros']), 0))
})
