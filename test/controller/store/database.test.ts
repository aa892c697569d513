import { setImmediate } from 'node:timers/promises'
import pg from 'pg'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openDatabase, type Database } from '../../../controller/store/database.js'
import { pack } from '../../../controller/store/notifier.js'
import { testDatabase } from '../../support/database.js'

let db: Database
let url: string
beforeAll(async () => { ({ url, database: db } = await testDatabase()) })

/** What a listener hears, and a way to await it. */
async function listening(channels: readonly string[]) {
  const heard: string[] = []
  let answer = () => {}
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  await db.listen(channels, (channel, items) => { heard.push(...items.map((item) => `${channel} ${item}`)); answer() }, () => {}, stop.signal)
  const until = async (done: () => boolean) => {
    while (!done()) await new Promise<void>((resolve) => { answer = resolve })
    return heard
  }
  return { heard, until, stop }
}

describe('query', () => {
  it('gives int8 as numbers, int8 arrays as arrays of numbers and json parsed', async () => {
    const rows = await db.query('select 9007199254740991::int8 as big, array[1, 2]::int8[] as list, array[]::int8[] as none, $1::jsonb as data, count(*) as n', [{ a: [1] }])
    expect(rows).toEqual([{ big: 9007199254740991, list: [1, 2], none: [], data: { a: [1] }, n: 1 }])
  })

  it('keeps keys such as __proto__ as what they are: keys', async () => {
    const [row] = await db.query<{ data: object }>(`select '{"__proto__": 1, "constructor": 2}'::jsonb as data`)
    expect(Object.entries(row!.data)).toEqual(expect.arrayContaining([['__proto__', 1], ['constructor', 2]]))
  })

  it('ends a statement that holds its snapshot for too long, and the connection can be used again', async () => {
    const impatient = await openDatabase(url, { statementTimeoutMs: 50, connections: 1 })
    onTestFinished(() => impatient.close())
    await expect(impatient.query('select pg_sleep(60)')).rejects.toMatchObject({ code: '57014' })
    expect(await impatient.query('select 1 as one')).toEqual([{ one: 1 }])
  })

  it('waits for its turn when all connections are busy', async () => {
    const narrow = await openDatabase(url, { connections: 1 })
    onTestFinished(() => narrow.close())
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => narrow.query<{ n: number }>('select $1::int as n', [n])))
    expect(answers.map(([row]) => row?.n)).toEqual(Array.from({ length: 20 }, (_, n) => n))
  })
})

describe('transaction', () => {
  it('does all or nothing', async () => {
    await db.query('create table things (n integer primary key)')
    await db.transaction(async (tx) => { await tx.query('insert into things values (1)') })
    await expect(db.transaction(async (tx) => {
      await tx.query('insert into things values (2)')
      throw new Error('changed my mind')
    })).rejects.toThrow('changed my mind')
    expect(await db.query('select n from things')).toEqual([{ n: 1 }])
  })

  it('fails, rather than goes on elsewhere, when its connection is cut', async () => {
    await expect(db.transaction(async (tx) => {
      const [me] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid')
      await db.query('select pg_terminate_backend($1)', [me!.pid])
      await tx.query('insert into things values (3)')
    })).rejects.toThrow()
    expect(await db.query('select n from things')).toEqual([{ n: 1 }])
  })

  it('fails at its next statement when its connection is cut between two, and the program goes on', async () => {
    const done = db.transaction(async (tx) => {
      const [me] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid')
      // waits until the backend is gone, so that the news of it arrives while no statement runs
      await db.query('select pg_terminate_backend($1, 10000)', [me!.pid])
      await setImmediate()
      await tx.query('insert into things values (4)')
    })
    await expect(done).rejects.toThrow()
    expect(await db.query('select n from things')).toEqual([{ n: 1 }])
  })
})

describe('openDatabase', () => {
  it('waits for a database that is not there yet, and says in the end what to do', async () => {
    await expect(openDatabase('postgres://u:secret@127.0.0.1:1/none', { patienceMs: 100 }))
      .rejects.toMatchObject({ code: 'database-unreachable', fate: 'transient', message: expect.not.stringContaining('secret') })
  })

  it('does not wait where waiting is no use: a database that does not exist', async () => {
    await expect(openDatabase(url.replace(/[^/]*$/, 'nowhere'))).rejects.toMatchObject({ code: 'database-refused', fate: 'stalled', message: expect.stringContaining('nowhere') })
  })
})

describe('listen and notify', () => {
  it('hears what is notified on its channels, and merges equal items', async () => {
    const { heard, until } = await listening(['inbox', 'effects'])
    for (const item of ['a', 'b', 'a', 'b', 'a']) db.notify('inbox', item)
    db.notify('decided', 'not asked for')
    db.notify('effects', 'pool')
    await until(() => heard.includes('effects pool') && heard.includes('inbox a') && heard.includes('inbox b'))
    expect([...heard].sort()).toEqual(['effects pool', 'inbox a', 'inbox b'])
  })

  it('keeps of a session only its last event number', async () => {
    const { heard, until } = await listening(['events'])
    for (let seq = 1; seq <= 1000; seq++) db.notify('events', `ops:${seq}`)
    db.notify('events', 'desk:1')
    await until(() => heard.includes('events desk:1') && heard.includes('events ops:1000'))
    expect(heard).toHaveLength(2)
  })

  it('carries more than one payload can hold', async () => {
    const { heard, until } = await listening(['inbox'])
    const names = Array.from({ length: 2000 }, (_, n) => `session-with-a-name-${n}`)
    for (const name of names) db.notify('inbox', name)
    await until(() => heard.length >= names.length)
    expect(new Set(heard)).toEqual(new Set(names.map((name) => `inbox ${name}`)))
  })

  it('never makes a payload that Postgres refuses', () => {
    const items = Array.from({ length: 5000 }, (_, n) => `ü${'x'.repeat(n % 60)}${n}`)
    const payloads = pack(items)
    expect(payloads.flatMap((payload) => payload.split('\n'))).toEqual(items)
    expect(Math.max(...payloads.map((payload) => Buffer.byteLength(payload)))).toBeLessThanOrEqual(7_900)
  })

  it('listens again after its connection was cut, and asks then what it missed', async () => {
    const stop = new AbortController()
    onTestFinished(() => stop.abort())
    let connects = 0
    let connected = () => {}
    let heard = (_: string) => {}
    await db.listen(['inbox'], (_, [item]) => heard(item ?? ''), () => { connects++; connected() }, stop.signal)
    expect(connects).toBe(1)
    const again = new Promise<void>((resolve) => { connected = resolve })
    await db.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'agenticos listen'`)
    await again
    const item = new Promise<string>((resolve) => { heard = resolve })
    db.notify('inbox', 'after')
    expect(await item).toBe('after')
  })

  it('notifies again after the connection of the notifier was cut', async () => {
    const { heard, until } = await listening(['inbox'])
    db.notify('inbox', 'before')
    await until(() => heard.includes('inbox before'))
    await db.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'agenticos notify'`)
    db.notify('inbox', 'after')
    await until(() => heard.includes('inbox after'))
  })

  it('ends with its signal and leaves no connection open', async () => {
    const { stop } = await listening(['inbox'])
    const admin = new pg.Client({ connectionString: url })
    await admin.connect()
    onTestFinished(() => admin.end())
    const listeners = async () => (await admin.query(`select from pg_stat_activity where datname = current_database() and application_name = 'agenticos listen'`)).rowCount
    stop.abort()
    await expect.poll(listeners).toBe(0)
  })
})
