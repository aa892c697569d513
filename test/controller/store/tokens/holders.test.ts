import { expect, it } from 'vitest'
import { listHolders } from '../../../../controller/store/tokens/holders.js'
import { testDatabase } from '../../../support/database.js'

it('tells the tokens that unsettled effects reserve, not those they copied', async () => {
  const { database } = await testDatabase()
  const effects: [number, string, object][] = [
    [1, 'leased', { bound: [11, [12, 13], null], copies: [null, null, null] }],
    [2, 'pending', { bound: [21, [22, 23]], copies: [null, [{ n: 1 }, { n: 2 }]] }],
    [3, 'awaiting', { bound: [31] }],
    [4, 'settled', {}],
    [5, 'withdrawn', { bound: [51], copies: [null] }],
    [6, 'blocked', { bound: [[]], copies: [null] }],
  ]
  for (const [firing, state, hold] of effects) {
    await database.query(
      `insert into runtime.effects (session, firing, attempt, net, transition, kind, state, labels, pool, request, hold, due_at)
       values ('demo', $1, 1, 'n', 't', 'command', $2, '{}', '{}', '{}', $3, now())`, [firing, state, JSON.stringify(hold)])
  }
  expect(await listHolders(database, 'demo')).toEqual([
    { firing: 1, token: 11 }, { firing: 1, token: 12 }, { firing: 1, token: 13 }, { firing: 2, token: 21 }, { firing: 3, token: 31 },
  ])
  expect(await listHolders(database, 'other')).toEqual([])
})
