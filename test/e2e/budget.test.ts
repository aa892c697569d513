import { expect, test } from 'vitest'
import { API } from '../../protocol/api.js'
import { createShell } from '../../cli/shell.js'
import { agentBed } from '../support/agent-bed.js'
import { netText, until } from '../support/merge-net.js'

const bed = await agentBed({ scripted: 'maxOutput: 100' })

const net = (budget: string, cost = '') => netText('ask', `budget: ${budget}
places:
  questions: {category: task}
  answers: {category: task}
transitions:
  answer:
    kind: llm
    in: {question: questions}
    do: {prompt: '\${question.text}'}
    concurrency: 1
    out: {answers: {}, failures: {when: error, emit: '\${error}'}}
  pay:
    kind: command
    in: {bill: bills}
    do: {argv: [echo, '\${bill.usd}'], parse: json}
    ${cost}
    out: {paid: {}, failures: {when: error, emit: '\${error}'}}
`.replace('places:\n', 'places:\n  bills: {category: task}\n  failures: {category: learning, keep: 10}\n  paid: {category: task}\n'))

test('at its budget work waits, visibly, and a proposal that raises the budget lets it go on', async () => {
  bed.model.script(() => ({ text: 'yes', usage: { input: 100, output: 50 } }))
  await bed.merge({ 'nets/demo/ask.yaml': net('{usd: 0.0007, per: month}') })
  await bed.executor()
  for (let nth = 0; nth < 6; nth++) await bed.put('ask/questions', { text: `question ${nth}?` }, 'talk')
  const waiting = await until(async () => (await bed.api.client.call(API.listEffects)).items.find((effect) => effect.waiting !== ''))
  expect(waiting.state).toBe('pending')
  expect(waiting.waiting).toMatch(/^budget of net demo\/ask: 0\.0007 USD per month, 0\.000\d+ spent, 0\.00 reserved; this call may cost 0\.000\d+$/)
  const before = await bed.tokens('ask/answers')
  expect(before.length).toBeGreaterThan(0)
  expect(before.length).toBeLessThan(6)
  expect((await bed.api.client.call(API.status)).effects).toMatchObject({ waiting: 1 })
  const { items: [budget] } = await bed.api.client.call(API.listBudgets)
  expect(budget).toMatchObject({ scope: 'net:demo/ask', per: 'month', most: 700, spent: before.length * 200, reserved: 0, waiting: 1 })
  expect(await bed.events('budget.exceeded')).toMatchObject([{ transition: 'ask/answer', scope: 'net:demo/ask', correlation: 'talk' }])

  await bed.merge({ 'nets/demo/ask.yaml': net('{usd: 1.00, per: month}') })
  await bed.arrived('ask/answers', 6)
  expect((await bed.api.client.call(API.listEffects)).items.every((effect) => effect.waiting === '')).toBe(true)
})

test('money is told by anything, from events and from what is added up alike', async () => {
  const called = await bed.events('llm.called')
  expect(called).toHaveLength(6)
  expect(called[0]).toMatchObject({ transition: 'ask/answer', net: 'ask', call: 1, model: 'scripted', micros: 200, usd: 0.0002, correlation: 'talk', answer: { text: 'yes' } })
  for (const by of ['session', 'net', 'transition', 'model', 'day', 'firing', 'call'] as const) {
    const answer = await bed.api.client.call(API.cost, { query: { session: 'demo', by } })
    expect([by, answer.micros, answer.usd]).toEqual([by, 1_200, 0.0012])
    expect(answer.items.filter((item) => item.micros > 0)).toHaveLength(by === 'firing' || by === 'call' ? 6 : 1)
  }
  const { items: [model] } = await bed.api.client.call(API.cost, { query: { by: 'model' } })
  expect(model).toEqual({ model: 'scripted', calls: 6, tokens: { input: 600, cached: 0, output: 300 }, micros: 1_200, usd: 0.0012 })
  await expect(bed.api.client.call(API.cost, { query: { by: 'call' } })).rejects.toThrow(/needs the session/)
  expect(await bed.api.client.call(API.verify, { params: { session: 'demo' } })).toMatchObject({ ok: true, differences: [] })
})

test('what a transition books by its cost is in the same sums, and in the budgets of its day', async () => {
  await bed.merge({ 'nets/demo/ask.yaml': net('{usd: 1.00, per: month}', "cost: '${result.value}'") })
  await bed.put('ask/bills', { usd: 0.25 })
  await bed.arrived('ask/paid', 1)
  expect(await bed.api.client.call(API.cost, { query: { by: 'session' } })).toMatchObject({ micros: 251_200 })
  expect(await bed.api.client.call(API.cost)).toMatchObject({ micros: 251_200 })
  expect((await bed.api.client.call(API.listBudgets)).items).toMatchObject([{ scope: 'net:demo/ask', spent: 251_200 }])
})
