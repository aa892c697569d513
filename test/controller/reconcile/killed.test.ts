import { expect, it } from 'vitest'
import { createLog } from '../../../controller/log.js'
import { openReconciler } from '../../../controller/reconcile/reconcile.js'
import { testDatabase } from '../../support/database.js'
import { forkTs, killed, said } from '../../support/fork-ts.js'
import { net, testForge } from '../../support/forge.js'
import { forced } from '../../support/main-branch.js'

const SESSIONS = ['alpha', 'beta', 'gamma']
const files = (threshold: number): Record<string, string> => Object.fromEntries(SESSIONS.map((name) => [`nets/${name}/one.yaml`, net('one', { threshold })]))

it('a reconciler killed before any of its statements leaves each commit applied whole or not at all', async () => {
  const { url, database: db } = await testDatabase()
  const made = await testForge(files(1))
  const whole = async (): Promise<string> => {
    const rows = await db.query<{ session: string; generation: number; commit: string; applied: string; nets: number; told: number[]; written: number[] }>(
      `select s.session, s.generation, g.commit, (select applied from design.repository) as applied,
              (select count(*) from jsonb_each_text(g.nets) m join design.nets n on n.session = s.session and n.net = m.key and n.identity = m.value) as nets,
              array(select (body::json ->> 'generation')::int from runtime.inbox i where i.session = s.session and kind = 'revision' order by id) as told,
              array(select generation::int from design.generations d where d.session = s.session order by 1) as written
       from runtime.sessions s left join design.generations g using (session, generation) order by 1`)
    // One statement is one picture: the database may still be ending what the killed one had sent.
    const applied = rows[0]?.applied ?? ''
    if (rows.length > 0) expect(rows.map((row) => [row.session, row.commit, row.nets])).toEqual(SESSIONS.map((name) => [name, applied, 1]))
    for (const { generation, told, written } of rows) {
      expect(told).toEqual([...Array(generation).keys()].map((at) => at + 1))
      expect(written).toEqual(told)
    }
    return applied
  }

  let threshold = 1
  // Statements of a first pass and of a later one, in and around the transaction.
  for (const last of [4, 9, 11, 21]) {
    await forced(made.git, files(++threshold))
    const child = forkTs('./reconcile-process.ts', [url, made.dataDir])
    expect(await said(child)).toBe('ready')
    for (let statement = 0; statement < last; statement++) await said(child)
    await killed(child)
    await whole()
  }
  const pass = openReconciler({ db, forge: made.forge, log: createLog({ level: 'silent' }) })
  const main = await forced(made.git, files(++threshold))
  while ((await pass()).result === 'superseded') continue
  expect(await whole()).toBe(main)
}, 240_000)
