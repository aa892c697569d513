import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openDatabase, type Database } from '../../../controller/store/database.js'
import { migrate, readMigrations } from '../../../controller/store/migrate.js'
import { testDatabase } from '../../support/database.js'

let admin: Database
let server: string
beforeAll(async () => { ({ database: admin, url: server } = await testDatabase()) })

/** An address of an empty database. */
async function emptyDatabase(): Promise<string> {
  const name = `test_${randomBytes(6).toString('hex')}`
  await admin.query(`create database ${name}`)
  onTestFinished(async () => { await admin.query(`drop database ${name} with (force)`) })
  return server.replace(/[^/]*$/, name)
}

async function open(url: string): Promise<Database> {
  const database = await openDatabase(url)
  onTestFinished(() => database.close())
  return database
}

function migrations(...texts: readonly string[]): ReturnType<typeof readMigrations> {
  const folder = mkdtempSync(join(tmpdir(), 'agenticos-migrations-'))
  texts.forEach((text, at) => writeFileSync(join(folder, `000${at + 1}-step.sql`), text))
  try {
    return readMigrations(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const FIRST = '-- compatible: the first\ncreate table a (n integer); insert into a values (1);'
const SECOND = '-- compatible: more\nalter table a add column m integer;'

describe('migrate', () => {
  it('applies what is missing in order, once', async () => {
    const db = await open(await emptyDatabase())
    expect(await migrate(db, migrations(FIRST))).toEqual(['0001-step.sql'])
    expect(await migrate(db, migrations(FIRST, SECOND))).toEqual(['0002-step.sql'])
    expect(await migrate(db, migrations(FIRST, SECOND))).toEqual([])
    expect(await db.query('select * from a')).toEqual([{ n: 1, m: null }])
  })

  it('is safe when many start at once: each migration runs once, and all find it done', async () => {
    const url = await emptyDatabase()
    const starters = await Promise.all(Array.from({ length: 6 }, () => open(url)))
    const done = await Promise.all(starters.map((db) => migrate(db)))
    expect(done.flat().sort()).toEqual(readMigrations().map(({ name }) => name))
  })

  it('refuses a database that is newer than the program', async () => {
    const db = await open(await emptyDatabase())
    await migrate(db, migrations(FIRST, SECOND))
    await expect(migrate(db, migrations(FIRST))).rejects.toMatchObject({
      code: 'database-newer', fate: 'stalled', message: expect.stringContaining('0002-step.sql'), remedy: expect.stringContaining('a later one'),
    })
  })

  it('refuses a database whose migration had another text', async () => {
    const db = await open(await emptyDatabase())
    await migrate(db, migrations(FIRST))
    await expect(migrate(db, migrations(`${FIRST} -- changed`))).rejects.toMatchObject({ code: 'migration-changed' })
  })

  it('rolls a failing migration back whole and keeps those before it', async () => {
    const db = await open(await emptyDatabase())
    await expect(migrate(db, migrations(FIRST, '-- compatible: bad\ncreate table b (n integer); insert into nowhere values (1);')))
      .rejects.toMatchObject({ code: 'migration-failed', message: expect.stringContaining('nowhere') })
    expect(await db.query(`select to_regclass('a') is not null as a, to_regclass('b') is not null as b`)).toEqual([{ a: true, b: false }])
    expect(await migrate(db, migrations(FIRST, SECOND))).toEqual(['0002-step.sql'])
  })

  it('does not run a breaking migration under a process that still lives', async () => {
    const db = await open(await emptyDatabase())
    await migrate(db)
    const next = { ...readMigrations()[0]!, number: readMigrations().length + 1, name: '9999-next.sql', breaking: true, text: 'create table b ()', hash: 'x' }
    await db.query(`insert into runtime.engines (engine, host, pid, until) values (gen_random_uuid(), 'here', 42, now() + interval '1 minute')`)
    await expect(migrate(db, [...readMigrations(), next])).rejects.toMatchObject({ code: 'database-in-use', message: expect.stringContaining('here:42') })
    await db.query('delete from runtime.engines')
    expect(await migrate(db, [...readMigrations(), next])).toEqual(['9999-next.sql'])
  })

  it('asks every file to say in its first line whether it breaks', () => {
    expect(() => migrations('create table a ()')).toThrow('-- compatible: why')
  })
})
