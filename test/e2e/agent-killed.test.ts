import { expect, test } from 'vitest'
import { agentBed, agentNet } from '../support/agent-bed.js'
import { killed } from '../support/fork-ts.js'
import { until } from '../support/merge-net.js'

const bed = await agentBed()
const call = (name: string, input: object) => ({ calls: [{ name, input: input as never }] })
await bed.merge(agentNet('work', 'role: rw, maxIterations: 20'))

test('an agent whose executor is killed goes on elsewhere: nothing is asked, paid or done twice', async () => {
  const steps = [
    call('LIST_PLACES', { net: 'work' }),
    call('CREATE_NET', { net: 'made', title: 'Made by an agent' }),
    call('CREATE_PLACE', { net: 'made', place: 'inbox', category: 'task' }),
    call('GET_NET_STRUCTURE', { net: 'made', ref: 'draft' }),
    call('DONE', { summary: 'One net with one place' }),
  ]
  // The fourth answer never comes to the first executor.
  let hang = true
  bed.model.script(({ turn }) => (turn === 3 && hang ? { fault: 'hang' } : steps[turn]!))
  const first = await bed.process()
  await bed.put('work/tasks', { text: 'make a net' }, 'talk-9')
  await bed.model.arrived(4)
  await killed(first)
  hang = false
  await bed.api.db.query(`update runtime.effects set lease_until = now() where state = 'leased'`)
  await bed.executor()
  const [result] = await bed.arrived('work/results')
  expect(result).toMatchObject({ text: 'One net with one place', proposal: expect.any(Number) })

  const asked = bed.model.calls.map(({ request, repeated }) => `${request.turn} ${repeated}`)
  expect(asked).toEqual(['0 false', '1 false', '2 false', '3 false', '3 false', '4 false'])
  expect(bed.model.calls[4]!.request.key).toBe(bed.model.calls[3]!.request.key)
  expect(bed.model.charged.calls).toBe(5)
  const calls = await bed.api.db.query<{ call: number, kind: string, state: string }>('select call, kind, state from runtime.calls order by call')
  expect(calls.map(({ kind, state }) => `${kind} ${state}`)).toEqual(Array.from({ length: 10 }, (_, at) => `${at % 2 === 0 ? 'model' : 'tool'} recorded`))
  const told = await until(async () => {
    const events = await bed.events('llm.called')
    return events.length >= 5 ? events : undefined
  })
  expect(told.map((event) => event['call'])).toEqual([1, 3, 5, 7, 9])
  expect((await bed.events('tool.called')).filter((event) => event['repeated'] !== true)).toHaveLength(5)
  const [spend] = await bed.api.db.query<{ calls: string, micros: string, input: string, output: string }>('select sum(calls)::text as calls, sum(micros)::text as micros, sum(input)::text as input, sum(output)::text as output from runtime.spend')
  expect({ calls: Number(spend!.calls), input: Number(spend!.input), output: Number(spend!.output) }).toEqual({ calls: 5, input: bed.model.charged.input, output: bed.model.charged.output })
})
