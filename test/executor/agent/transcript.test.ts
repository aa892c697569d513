import { expect, test } from 'vitest'
import { Transcript } from '../../../executor/agent/transcript.js'
import type { TranscriptStep } from '../../../protocol/ledger.js'

const model = (call: number, text?: string, purpose = 'step'): TranscriptStep => ({
  kind: 'model', call, model: 'scripted', purpose, sent: [], micros: 1,
  ...(text === undefined ? {} : { answer: { text, calls: [], stop: 'end' as const, usage: { input: 1, cached: 0, output: 1 } } }),
})
const tool = (call: number, name: string, output: string, refused = false): TranscriptStep => ({ kind: 'tool', call, tool: name, input: {}, output, refused })

test('without a record every call is new, and numbers count over models and tools', () => {
  const transcript = new Transcript()
  expect(transcript.answer('step')).toBeUndefined()
  expect(transcript.number()).toBe(1)
  expect(transcript.tool('LIST_PLACES')).toEqual({ call: 2 })
  expect(transcript.answer('step')).toBeUndefined()
  expect(transcript.number()).toBe(3)
})

test('what is recorded is taken in order, and the first call that is not goes on with the next number', () => {
  const transcript = new Transcript([model(1, 'one'), tool(2, 'LIST_PLACES', 'two'), tool(3, 'QUERY_TOKENS', 'three', true), model(4, 'four')])
  expect(transcript.answer('step')).toMatchObject({ call: 1, answer: { text: 'one' } })
  expect(transcript.tool('LIST_PLACES')).toEqual({ call: 2, recorded: { output: 'two', refused: false } })
  expect(transcript.tool('QUERY_TOKENS')).toEqual({ call: 3, recorded: { output: 'three', refused: true } })
  expect(transcript.ahead).toBe('step')
  expect(transcript.answer('step')).toMatchObject({ call: 4 })
  expect(transcript.ahead).toBeUndefined()
  expect(transcript.answer('step')).toBeUndefined()
  expect(transcript.number()).toBe(5)
})

test('a tool call that was begun and not recorded is called again under its own number, also between others', () => {
  const transcript = new Transcript([model(1, 'one'), tool(3, 'QUERY_TOKENS', 'three'), model(4, 'four')])
  transcript.answer('step')
  expect(transcript.tool('LIST_PLACES')).toEqual({ call: 2 })
  expect(transcript.tool('QUERY_TOKENS')).toEqual({ call: 3, recorded: { output: 'three', refused: false } })
  expect(transcript.answer('step')).toMatchObject({ call: 4 })
})

test('a model call that failed is passed over: the answer behind it counts, or a new number', () => {
  const answered = new Transcript([model(1), model(2), model(3, 'three')])
  expect(answered.answer('step')).toMatchObject({ call: 3 })
  expect(answered.number()).toBe(4)
  const failed = new Transcript([model(1), model(2)])
  expect(failed.answer('step')).toBeUndefined()
  expect(failed.number()).toBe(3)
})

test('where the record says something else it is left, and numbers go on behind it', () => {
  const other = new Transcript([model(1, 'one'), tool(2, 'LIST_PLACES', 'two'), model(3, 'three')])
  other.answer('step')
  expect(other.tool('QUERY_TOKENS')).toEqual({ call: 4 })
  expect(other.answer('step')).toBeUndefined()
  expect(other.number()).toBe(5)
  const purpose = new Transcript([model(1, 'sum', 'compact'), model(2, 'two')])
  expect(purpose.answer('step')).toBeUndefined()
  expect(purpose.number()).toBe(3)
})
