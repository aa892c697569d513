import { expect, test } from 'vitest'
import { agentBed, agentNet } from '../support/agent-bed.js'

const bed = await agentBed()

test('an agent looks with a tool, is told the result, and what it gives to DONE becomes a token', async () => {
  await bed.merge(agentNet('work', 'role: r, schema: {type: object, required: [places], properties: {places: {type: integer}}}'))
  await bed.executor()
  bed.model.script([
    { calls: [{ name: 'LIST_PLACES', input: { net: 'work' } }] },
    { text: 'I see', calls: [{ name: 'DONE', input: { summary: 'three places', result: { places: 3 } } }] },
  ])
  await bed.put('work/tasks', { text: 'count the places' }, 'talk-1')

  expect(await bed.arrived('work/results')).toEqual([{ places: 3 }])
  const [first, second] = bed.model.calls
  expect(first!.request.first).toContain('Do this: count the places')
  expect(second!.request.last).toContain('<result tool="LIST_PLACES" call="2">')
  expect((await bed.events('llm.called')).length).toBe(2)
})
