import { expect, test } from 'vitest'
import { agentBed, agentNet, fired } from '../support/agent-bed.js'
import type { ScriptedRequest } from '../support/scripted-model/reply.js'

const bed = await agentBed({ models: (model) => ({ small: `{provider: openai, url: '${model.url}', model: small, context: 24000, maxOutput: 1000, price: free}` }) })
await bed.merge({
  ...agentNet('work', 'role: r, model: small, maxIterations: 120'),
  ...agentNet('tiny', 'role: rwx, model: small, maxIterations: 5'),
})
await bed.executor()
const TURNS = 40
const isSummary = (request: ScriptedRequest): boolean => request.messages[0]!.text.startsWith('You sum up')
const sizeOf = (request: ScriptedRequest): number => request.messages.reduce((sum, message) => sum + message.text.length, 0)

/** Looks again and again, with many words and another limit each time. */
function chatter(summary: (nth: number) => object) {
  let [turn, sums] = [0, 0]
  return (request: ScriptedRequest) => {
    if (isSummary(request)) return summary(++sums) as never
    turn += 1
    if (turn > TURNS) return { calls: [{ name: 'DONE', input: { summary: `looked ${TURNS} times` } }] }
    return { text: `I look for time ${turn}. ${'It may be odd. '.repeat(100)}`, calls: [{ name: 'LIST_ALL_INSCRIPTIONS', input: { limit: 1 + turn } as never }] }
  }
}

test('a long run keeps its goal, its decisions and its last exchanges, and a late turn sends no more than an early one', async () => {
  const goal = { text: 'find what is odd, and touch nothing before you have asked' }
  expect(await fired(bed, 'work', chatter((nth) => ({ text: `Goals: find what is odd. Decided ${nth}: look on.` })), goal)).toEqual({ done: { text: `looked ${TURNS} times` } })
  const steps = bed.model.calls.map(({ request }) => request).filter((request) => !isSummary(request))
  const summaries = bed.model.calls.length - steps.length
  expect(summaries).toBeGreaterThan(1)
  const last = steps.at(-1)!
  expect(last.first).toContain(goal.text)
  expect(last.messages[2]!.text).toContain(`Decided ${summaries}: look on.`)
  expect(last.messages[2]!.text).toContain('LIST_ALL_INSCRIPTIONS {"limit":')
  expect(last.messages.at(-1)!.text).toContain('<result tool="LIST_ALL_INSCRIPTIONS"')
  // Every result follows the call that asked for it.
  for (const { messages } of steps) {
    const asked = new Set(messages.flatMap((message) => (message.role === 'assistant' ? message.calls.map(({ id }) => id) : [])))
    expect(messages.filter((message) => message.role === 'tool' && !asked.has(message.id))).toEqual([])
  }
  const [early, late] = [steps.slice(5, 25), steps.slice(-20)].map((some) => Math.max(...some.map(sizeOf)))
  expect(late! / early!).toBeLessThan(1.5)
  // What a record holds is what is new: together it is less than the largest requests would be.
  const events = await bed.events('llm.called')
  expect(events.filter((event) => event['purpose'] === 'compact')).toHaveLength(summaries)
})

test('where the summary cannot be had, the history is cut to a line a message, and the run goes on', async () => {
  const seen = bed.model.calls.length
  expect(await fired(bed, 'work', chatter(() => ({ fault: 'status', status: 400, message: 'no summaries here' })))).toEqual({ done: { text: `looked ${TURNS} times` } })
  const last = bed.model.calls.at(-1)!.request
  expect(bed.model.calls.slice(seen).some(({ request }) => isSummary(request))).toBe(true)
  expect(last.messages[2]!.text).toContain('AGENT CALLS LIST_ALL_INSCRIPTIONS')
  expect(last.first).toContain('the task')
})

test('a prompt that can never fit is a failure that says so', async () => {
  const { error } = await fired(bed, 'tiny', () => ({ text: 'never asked' }), { text: 'x'.repeat(100_000) })
  expect(error).toMatchObject({ code: 'cap-context', message: expect.stringContaining('24000 tokens of model small') })
})
