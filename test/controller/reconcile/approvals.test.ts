// approval: merge. The enabled binding becomes a proposal; merging fires exactly that binding, closing and time end it.
import { beforeAll, expect, test } from 'vitest'
import type { Json } from '../../../petri/json.js'
import { API } from '../../../protocol/api.js'
import type { ProposalAnswer } from '../../../protocol/api/change.js'
import { startWhole, type Whole } from '../../support/whole.js'

const head = (name: string) => `apiVersion: agenticos.dev/v1\nkind: Net\nmetadata: {name: ${name}}\n`
const NET = `${head('desk')}places:
  wishes: {category: task}
  orders: {category: task}
  granted: {category: task}
  bought: {category: task}
  refused: {category: task}
transitions:
  grant:
    kind: map
    approval: merge
    in: {wish: wishes}
    do: {template: {what: '\${wish.what}', by: '\${_approval.by}', said: '\${_approval.comment}'}}
    out: {granted: {}, refused: {when: error}}
  buy:
    kind: command
    approval: {by: merge, expires: 30d}
    concurrency: 1
    in: {order: orders}
    do: {argv: [printf, '%s for %s', '\${order.what}', '\${_approval.by}']}
    out: {bought: {emit: '\${result.stdout}'}, refused: {when: error}}
`
const SHORT = `${head('short')}places:
  asked: {category: task}
  done: {category: task}
transitions:
  soon:
    kind: pass
    approval: {by: merge, expires: 200ms}
    in: {x: asked}
    out: {done: {}}
`
let whole: Whole
beforeAll(async () => {
  whole = await startWhole({ 'nets/ask/desk.yaml': NET, 'nets/ask/short.yaml': SHORT })
  await whole.executor()
})

/** The open proposal that asks for a transition's approval. */
async function asking(transition: string, besides: readonly number[] = []): Promise<ProposalAnswer> {
  return whole.until(`${transition} asks`, async () => {
    const { items } = await whole.client.call(API.listProposals, { query: { state: 'open' } })
    return items.find((one) => one.title.startsWith(`Approve ask/${transition},`) && !besides.includes(one.number))
  })
}
const first = (address: string) => whole.until(`a token in ${address}`, async () => (await whole.tokens(address))[0])
const clean = async () => expect((await whole.client.call(API.verify, { params: { session: 'ask' } })).differences).toEqual([])

test('a merge fires exactly the binding that was asked for, with who let it go and what they said', async () => {
  await whole.put('ask/desk/wishes', { what: 'a chair' })
  await whole.put('ask/desk/wishes', { what: 'a table' })
  const chair = await asking('desk/grant')
  expect(chair.by).toBe('net ask/desk/grant')
  expect(chair.body).toContain('what: a chair')
  expect(await whole.tokens('ask/desk/granted')).toEqual([])
  await whole.client.call(API.mergeProposal, { params: { proposal: chair.number }, body: { comment: 'a good one' } })
  expect(await first('ask/desk/granted')).toEqual({ what: 'a chair', by: 'admin', said: 'a good one' })
  const table = await asking('desk/grant', [chair.number])
  expect(table.body).toContain('what: a table')
  await whole.client.call(API.closeProposal, { params: { proposal: table.number }, body: { comment: 'there is no room' } })
  const refused = (await first('ask/desk/refused')) as { error: Json; input: Json }
  expect(refused).toMatchObject({ error: { code: 'rejected', message: 'there is no room' }, input: { wish: { what: 'a table' } } })
  expect(await whole.tokens('ask/desk/granted')).toHaveLength(1)
  await clean()
})

test('the exact call is shown before, and an executor does it after the merge; many may wait, however few may run', async () => {
  for (const what of ['ink', 'pens', 'paper']) await whole.put('ask/desk/orders', { what })
  const numbers: number[] = []
  for (let nth = 0; nth < 3; nth++) numbers.push((await asking('desk/buy', numbers)).number)
  const shown = await whole.client.call(API.getProposal, { params: { proposal: numbers[0]! } })
  expect(shown.body).toContain('- printf')
  expect(shown.body).toContain('cost: what the other side asks')
  expect(shown.mergeable).toBe(true)
  const effects = await whole.client.call(API.listEffects, { query: { session: 'ask', state: 'awaiting' } })
  expect(effects.items).toHaveLength(3)
  for (const proposal of numbers) await whole.client.call(API.mergeProposal, { params: { proposal }, body: {} })
  const bought = await whole.until('all is bought', async () => {
    const tokens = await whole.tokens('ask/desk/bought')
    return tokens.length === 3 && tokens
  })
  expect([...bought].sort()).toEqual(['ink for admin', 'paper for admin', 'pens for admin'])
  await clean()
})

test('what nobody merges in time expires, is a dead letter, and its proposal is closed', async () => {
  await whole.put('ask/short/asked', { a: 1 })
  const dead = (await first('ask/short/_failed')) as { error: Json }
  expect(dead.error).toMatchObject({ code: 'expired' })
  await whole.until('its proposal is closed', async () => (await whole.client.call(API.listProposals, { query: { state: 'open' } })).items.every((one) => !one.title.startsWith('Approve ask/short/soon')))
  await clean()
})

test('a merge of a file that says another call than the one that waits is a no', async () => {
  await whole.put('ask/desk/wishes', { what: 'a boat' })
  const boat = await asking('desk/grant')
  const path = `approvals/ask/${/firing (\d+)/.exec(boat.title)![1]}.yaml`
  const { forge } = whole
  const text = (await forge.file(boat.head, path))!
  // somebody writes another proposal that puts another text there, which is merged before
  const other = await forge.proposals.open({ title: 'Sneak', body: '', from: { files: [{ path, content: text.replace(/digest: .*/, 'digest: sha256:0') }] } }, { name: 'mallory' })
  await whole.client.call(API.mergeProposal, { params: { proposal: other.number }, body: {} })
  const verdict = await whole.client.call(API.getProposal, { params: { proposal: boat.number } })
  expect(verdict.mergeable).toBe(false)
  expect(await whole.tokens('ask/desk/granted')).toHaveLength(1)
  await whole.client.call(API.closeProposal, { params: { proposal: boat.number }, body: {} })
  await whole.until('it is refused', async () => (await whole.tokens('ask/desk/refused')).length === 2)
})

test('under a stop nothing of it fires, approved or not; after the start it does, once', async () => {
  await whole.put('ask/desk/wishes', { what: 'a lamp' })
  const lamp = await asking('desk/grant')
  await whole.client.call(API.lifecycle, { body: { target: 'ask/desk', state: 'stopped', reason: 'night' } })
  await whole.client.call(API.mergeProposal, { params: { proposal: lamp.number }, body: {} })
  await whole.until('the decision is in the log', async () => (await whole.events('ask')).some((event) => event.type === 'approval.decided' && event['proposal'] === lamp.number))
  expect(await whole.tokens('ask/desk/granted')).toHaveLength(1)
  await whole.client.call(API.lifecycle, { body: { target: 'ask/desk', state: 'running' } })
  await whole.until('it is granted', async () => (await whole.tokens('ask/desk/granted')).length === 2)
  await clean()
})

test('a revision that changes the transition frees the tokens and closes the proposal', async () => {
  await whole.put('ask/desk/orders', { what: 'glue' })
  const glue = await asking('desk/buy')
  await whole.merge({ 'nets/ask/desk.yaml': NET.replace('for %s', 'paid by %s') })
  const again = await asking('desk/buy', [glue.number])
  await whole.until('the old question is closed', async () => (await whole.client.call(API.getProposal, { params: { proposal: glue.number } })).state === 'closed')
  await whole.client.call(API.mergeProposal, { params: { proposal: again.number }, body: {} })
  await whole.until('it is bought', async () => (await whole.tokens('ask/desk/bought')).includes('glue paid by admin'))
  await clean()
})
