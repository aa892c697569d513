import { beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../../../controller/store/database.js'
import { addPartition } from '../../../../controller/store/segments/add-partition.js'
import { partitionOf } from '../../../../controller/store/segments/partition.js'
import { keepPartitions } from '../../../../controller/store/segments/partitions.js'
import { testDatabase } from '../../../support/database.js'

let db: Database
beforeEach(async () => { db = (await testDatabase({ connections: 4 })).database })

const DAY = 86_400_000
const now = new Date()
const thisMonth = partitionOf(now)
const LONG_AGO = partitionOf(now, -14)

async function session(name: string, retention: number): Promise<void> {
  await db.query('insert into runtime.sessions (session, generation) values ($1, 1)', [name])
  await db.query(`insert into design.generations (session, generation, commit, config, nets) values ($1, 1, 'c', $2, '{}')`, [name, { retention }])
}

async function segment(name: string, first: number, at: Date, kind: 'batch' | 'snapshot' = 'batch'): Promise<void> {
  await db.query(`insert into runtime.segments (session, first, last, at, previous, hash, kind, events) values ($1, $2, $2, $3, 'p', $4, $5, '[]')`,
    [name, first, at.toISOString(), `hash-${first}`, kind])
}

async function home(first: number): Promise<string | undefined> {
  const [row] = await db.query<{ home: string }>('select tableoid::regclass::text as home from runtime.segments where first = $1', [first])
  return row?.home
}

describe('keepPartitions', () => {
  it('makes the partitions of this month and the next three, once', async () => {
    expect((await keepPartitions(db)).added).toEqual([0, 1, 2, 3].map((later) => partitionOf(now, later).name))
    expect((await keepPartitions(db)).added).toEqual([])
    await session('ops', DAY)
    await segment('ops', 1, now)
    await segment('ops', 2, thisMonth.to)
    expect([await home(1), await home(2)]).toEqual([`runtime.${thisMonth.name}`, `runtime.${partitionOf(now, 1).name}`])
  })

  it('is safe when several processes do it at once', async () => {
    const all = await Promise.all(Array.from({ length: 4 }, () => keepPartitions(db)))
    expect(all.every(({ dropped }) => dropped.length === 0)).toBe(true)
    expect(await db.query(`select count(*) as n from pg_inherits where inhparent = 'runtime.segments'::regclass`)).toEqual([{ n: 5 }])
  })

  it('leaves a month in the default partition when its first segments are there', async () => {
    await session('ops', DAY)
    await segment('ops', 1, now)
    expect((await keepPartitions(db)).added).not.toContain(thisMonth.name)
    await segment('ops', 2, now)
    expect(await home(2)).toBe('runtime.segments_default')
  })

  it('drops a month whole when every session in it is past its retention and has a later snapshot, and keeps its last hash', async () => {
    await addPartition(db, LONG_AGO)
    await session('ops', 90 * DAY)
    await segment('ops', 1, LONG_AGO.from)
    await segment('ops', 2, LONG_AGO.from)
    await segment('ops', 3, now, 'snapshot')
    expect((await keepPartitions(db)).dropped).toEqual([LONG_AGO.name])
    expect(await db.query('select first from runtime.segments')).toEqual([{ first: 3 }])
    expect(await db.query('select session, partition, last, hash from runtime.segments_dropped'))
      .toEqual([{ session: 'ops', partition: LONG_AGO.name, last: 2, hash: 'hash-2' }])
  })

  it('keeps a month that one session still needs, and says which and why', async () => {
    await addPartition(db, LONG_AGO)
    await session('done', DAY)
    await session('careful', 10_000 * DAY)
    await session('quiet', DAY)
    for (const name of ['done', 'careful', 'quiet']) await segment(name, 1, LONG_AGO.from)
    for (const name of ['done', 'careful']) await segment(name, 2, now, 'snapshot')
    const { dropped, held } = await keepPartitions(db)
    expect(dropped).toEqual([])
    expect(held).toEqual([{ partition: LONG_AGO.name, by: [{ session: 'careful', reason: 'retention' }, { session: 'quiet', reason: 'snapshot' }] }])
  })

  it('keeps nothing for a session that was removed', async () => {
    await addPartition(db, LONG_AGO)
    await segment('gone', 1, LONG_AGO.from)
    expect((await keepPartitions(db)).dropped).toEqual([LONG_AGO.name])
  })
})

describe('the log', () => {
  it('is append-only in every partition: no row is changed, deleted or truncated', async () => {
    await keepPartitions(db)
    await session('ops', DAY)
    await segment('ops', 1, now)
    await segment('ops', 2, LONG_AGO.from)
    const refused = { code: '23001', message: expect.stringContaining('append-only') }
    for (const table of ['segments', 'segments_default', thisMonth.name]) {
      await expect(db.query(`update runtime.${table} set hash = 'forged'`)).rejects.toMatchObject(refused)
      await expect(db.query(`delete from runtime.${table}`)).rejects.toMatchObject(refused)
      await expect(db.query(`truncate runtime.${table}`)).rejects.toMatchObject(refused)
    }
    expect(await db.query('select hash from runtime.segments order by first')).toEqual([{ hash: 'hash-1' }, { hash: 'hash-2' }])
  })
})
