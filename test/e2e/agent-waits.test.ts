import { expect, test } from 'vitest'
import { agentBed, agentNet } from '../support/agent-bed.js'
import { until } from '../support/merge-net.js'

const bed = await agentBed()
const policy = (usd: number): string => `apiVersion: agenticos.dev/v1\nkind: Policy\nbudgets:\n  - {name: all, usd: ${usd}, per: month}\n`
await bed.executor()
const AGENTS = 24

test('a budget that no call can ever fit is a failure that names it, and nothing is asked', async () => {
  await bed.merge({ ...agentNet('work', 'role: r'), 'policy.yaml': policy(0.000001) })
  bed.model.script(() => ({ calls: [{ name: 'DONE', input: { summary: 'done' } }] }))
  await bed.put('work/tasks', { text: 'anything' })
  expect(await bed.arrived('work/failures')).toMatchObject([{ error: { code: 'budget-exceeded', message: expect.stringContaining('all') } }])
  expect(bed.model.calls).toHaveLength(0)
})

test('agents whose budget is used up wait, visibly and without an attempt, and go on when it is raised', async () => {
  await bed.merge({ ...agentNet('other', 'role: r'), 'policy.yaml': policy(0.1) })
  bed.model.script(() => ({ calls: [{ name: 'DONE', input: { summary: 'done' } }] }))
  for (let at = 0; at < AGENTS; at++) await bed.put('other/tasks', { text: `task ${at}` })
  const waiting = await until(async () => {
    const rows = await bed.api.db.query<{ state: string, waiting: string, attempt: number }>(`select state, waiting, attempt from runtime.effects where net = 'other' and state in ('pending', 'leased')`)
    return rows.length > 0 && rows.every((row) => row.waiting !== '') ? rows : undefined
  })
  expect(waiting[0]).toMatchObject({ state: 'pending', attempt: 1, waiting: expect.stringContaining('budget') })
  const spent = async (): Promise<number> => Number((await bed.api.db.query<{ micros: string }>('select sum(micros)::text as micros from runtime.spend'))[0]!.micros)
  expect(await spent()).toBeLessThanOrEqual(100_000)
  await bed.merge({ 'policy.yaml': policy(10) })
  expect(await bed.arrived('other/results', AGENTS)).toHaveLength(AGENTS)
  expect(bed.model.charged.calls).toBe(AGENTS)
})
