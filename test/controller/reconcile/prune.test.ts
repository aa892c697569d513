import { beforeEach, expect, it } from 'vitest'
import { createLog } from '../../../controller/log.js'
import { openPrune } from '../../../controller/reconcile/prune.js'
import { openReconciler, type Pass } from '../../../controller/reconcile/reconcile.js'
import type { Database } from '../../../controller/store/database.js'
import { testDatabase } from '../../support/database.js'
import { ada, net, testForge, type TestForge } from '../../support/forge.js'
import { forced } from '../../support/main-branch.js'

let db: Database
let made: TestForge
let pass: () => Promise<Pass>
beforeEach(async () => {
  db = (await testDatabase()).database
  made = await testForge({ 'nets/demo/one.yaml': net('one'), 'nets/demo/two.yaml': net('two') })
  pass = openReconciler({ db, forge: made.forge, log: createLog({ level: 'silent' }) })
})

const count = async (table: string): Promise<number> => (await db.query<{ n: number }>(`select count(*) as n from design.${table}`))[0]!.n
const age = (table: string, column: string): Promise<unknown> => db.query(`update design.${table} set ${column} = ${column} - interval '30 days'`)
/** A prune that does not wait for its turn. */
const prune = (): Promise<void> => openPrune(db, made.forge)()

it('keeps what runs, what is being adopted, the last ten generations and all that is young', async () => {
  for (let at = 0; at < 15; at++) {
    await forced(made.git, { 'nets/demo/one.yaml': net('one', { threshold: 10 + at }) })
    await pass()
  }
  await prune()
  expect([await count('generations'), await count('nets')]).toEqual([15, 16])
  await age('generations', 'created_at')
  await prune()
  // Nobody adopted any of them yet: an engine may still be on its way to the first.
  expect(await count('generations')).toBe(15)
  await db.query(`update runtime.sessions set adopted = generation`)
  await prune()
  expect([await count('generations'), await count('nets')]).toEqual([11, 16])
  await age('nets', 'created_at')
  await prune()
  expect(await count('nets')).toBe(12)
  await forced(made.git, { 'nets/demo/one.yaml': net('one', { threshold: 10 }) })
  expect(await pass()).toMatchObject({ result: 'applied' })
  expect(await db.query(`select from design.nets n join design.generations g on g.session = n.session and g.nets ->> n.net = n.identity where g.generation = 16`)).toHaveLength(2)
})

it('forgets the commits of a scratch session an hour after it went, and no commit of main ever', async () => {
  await made.forge.scratch.put('try', [{ path: 'one.yaml', content: net('one') }], ada)
  await pass()
  await made.forge.scratch.put('try', [{ path: 'one.yaml', content: 'broken' }], ada)
  await pass()
  expect(await count('revisions')).toBe(3)
  await age('revisions', 'attempted_at')
  await prune()
  expect(await count('revisions')).toBe(2)
})
