import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLog } from '../../../controller/log.js'
import { openDatabase } from '../../../controller/store/database.js'
import { startEmbedded, type Embedded } from '../../../controller/store/embedded.js'
import { processStart } from '../../../controller/store/embedded/process-start.js'
import { forkTs, killed, said } from '../../support/fork-ts.js'

const log = createLog({ level: 'silent' })
/** A cluster takes a second to make: tests that need no new one share this. */
const shared = mkdtempSync(join(tmpdir(), 'agenticos-test-'))
let dataDir = shared
const made = [shared]
let running: Embedded[] = []

beforeEach(() => { dataDir = shared })
afterEach(async () => {
  for (const embedded of running) await embedded.stop()
  running = []
  // A server whose owner was killed is adopted once more, to end it in order.
  if (existsSync(join(dataDir, 'postgres/postmaster.pid'))) await (await startEmbedded(dataDir, log)).stop()
})
afterAll(() => { for (const folder of made) rmSync(folder, { recursive: true, force: true }) })

function freshFolder(): void {
  dataDir = mkdtempSync(join(tmpdir(), 'agenticos-test-'))
  made.push(dataDir)
}

async function start(): Promise<Embedded> {
  const embedded = await startEmbedded(dataDir, log)
  running.push(embedded)
  return embedded
}

function serverPid(): number {
  return Number(readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0])
}

async function ask<R extends object>(url: string, text: string): Promise<R[]> {
  const database = await openDatabase(url)
  try {
    return await database.query<R>(text)
  } finally {
    await database.close()
  }
}

/** Another process that owns the data directory. */
async function otherOwner(): Promise<{ child: ChildProcess, url: string }> {
  const child = forkTs('./owner-process.ts', [dataDir])
  const { url } = await said<{ url: string }>(child)
  return { child, url }
}

describe('the embedded Postgres', () => {
  it('writes through to the disk, listens on no network and keeps its password to its owner', async () => {
    const { url } = await start()
    const settings = await ask<{ name: string, setting: string }>(url,
      `select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'listen_addresses') order by name`)
    expect(settings.map(({ name, setting }) => `${name}=${setting}`)).toEqual(['fsync=on', 'full_page_writes=on', 'listen_addresses=', 'synchronous_commit=on'])
    expect(statSync(join(dataDir, 'postgres.password')).mode & 0o777).toBe(0o600)
    const password = readFileSync(join(dataDir, 'postgres.password'), 'utf8').trim()
    await expect(openDatabase(url.replace(password, 'guessed'))).rejects.toMatchObject({ code: 'database-refused', message: expect.not.stringContaining('guessed') })
  })

  it('sorts text by code point, whatever the machine speaks', async () => {
    const { url } = await start()
    expect(await ask(url, `select string_agg(t, '' order by t) as text from unnest(array['b', 'B', 'ä', 'a', 'Z', 'é']) as t`)).toEqual([{ text: 'BZabäé' }])
  })

  it('refuses a second owner of the directory and names the first by its pid', async () => {
    const { child } = await otherOwner()
    await expect(startEmbedded(dataDir, log)).rejects.toMatchObject({
      code: 'data-directory-owned', message: expect.stringContaining(`pid ${child.pid}`), remedy: expect.stringContaining('--data-dir'),
    })
    const second = forkTs('./owner-process.ts', [dataDir])
    expect(await said(second)).toMatchObject({ code: 'data-directory-owned' })
    await killed(child)
  })

  it('goes to exactly one of several that start at the same moment', async () => {
    freshFolder()
    const children = Array.from({ length: 4 }, () => forkTs('./owner-process.ts', [dataDir]))
    const answers = await Promise.all(children.map((child) => said<{ url?: string, code?: string }>(child)))
    expect(answers.filter(({ url }) => url !== undefined)).toHaveLength(1)
    expect(answers.filter(({ code }) => code === 'data-directory-owned')).toHaveLength(3)
    await Promise.all(children.map((child) => killed(child)))
  })

  it('is adopted, with every committed row, after its owner was killed', async () => {
    const { child, url } = await otherOwner()
    await ask(url, 'drop table if exists kept; create table kept as select generate_series(1, 1000) as n')
    const before = serverPid()
    await killed(child)
    const mine = await start()
    expect(serverPid()).toBe(before)
    expect(mine.url).toBe(url)
    expect(await ask(mine.url, 'select count(*) as n from kept')).toEqual([{ n: 1000 }])
  })

  it('comes back at the same address with every committed row after it was killed', async () => {
    const { url } = await start()
    await ask(url, 'drop table if exists kept; create table kept as select generate_series(1, 1000) as n')
    const before = serverPid()
    process.kill(before, 'SIGKILL')
    expect(await ask(url, 'select count(*) as n from kept')).toEqual([{ n: 1000 }])
    expect(serverPid()).not.toBe(before)
  })

  it('is listened to again after it was killed, with a call to ask what was missed', async () => {
    const { url } = await start()
    const database = await openDatabase(url)
    const stop = new AbortController()
    try {
      let connected = () => {}
      let heard = (_: string) => {}
      await database.listen(['inbox'], (_, [item]) => heard(item ?? ''), () => connected(), stop.signal)
      const again = new Promise<void>((resolve) => { connected = resolve })
      process.kill(serverPid(), 'SIGKILL')
      await again
      const item = new Promise<string>((resolve) => { heard = resolve })
      database.notify('inbox', 'after')
      expect(await item).toBe('after')
    } finally {
      stop.abort()
      await database.close()
    }
  })

  it('loses no acknowledged row when it is killed again and again under writers', async () => {
    const { url } = await start()
    const database = await openDatabase(url)
    const stop = new AbortController()
    const acknowledged = new Set<number>()
    let next = 0
    const write = async () => {
      while (!stop.signal.aborted) {
        const n = next++
        await database.query('insert into kept values ($1)', [n]).then(() => acknowledged.add(n), () => setImmediate())
      }
    }
    try {
      await database.query('drop table if exists kept')
      await database.query('create table kept (n integer primary key)')
      const writers = Array.from({ length: 4 }, write)
      for (let kill = 0; kill < 3; kill++) {
        const enough = acknowledged.size + 100
        await expect.poll(() => acknowledged.size, { timeout: 20_000 }).toBeGreaterThan(enough)
        const victim = serverPid()
        process.kill(victim, 'SIGKILL')
        await expect.poll(serverPid, { timeout: 20_000 }).not.toBe(victim)
      }
      const last = acknowledged.size
      await expect.poll(() => acknowledged.size, { timeout: 20_000 }).toBeGreaterThan(last)
      stop.abort()
      await Promise.all(writers)
      const rows = new Set((await database.query<{ n: number }>('select n from kept')).map(({ n }) => n))
      expect([...acknowledged].filter((n) => !rows.has(n))).toEqual([])
    } finally {
      stop.abort()
      await database.close()
    }
  })

  it('comes back after both were killed, its stale pid file notwithstanding', async () => {
    const { child, url } = await otherOwner()
    await ask(url, 'drop table if exists kept; create table kept as select generate_series(1, 1000) as n')
    await killed(child)
    process.kill(serverPid(), 'SIGKILL')
    const mine = await start()
    expect(await ask(mine.url, 'select count(*) as n from kept')).toEqual([{ n: 1000 }])
  })

  it('takes a pid file for stale when its pid now belongs to another program', async () => {
    const first = await startEmbedded(dataDir, log)
    const pidFile = join(dataDir, 'postgres/postmaster.pid')
    const words = readFileSync(pidFile, 'utf8').split('\n')
    await first.stop()
    // the pid of this very process, which began at another time than the server that the file speaks of
    words[0] = String(process.pid)
    words[2] = String(Number(words[2]) - 86_400)
    writeFileSync(pidFile, words.join('\n'))
    const second = await start()
    expect(serverPid()).not.toBe(process.pid)
    expect(await ask(second.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('takes an owner for gone when its pid now belongs to another program', async () => {
    writeFileSync(join(dataDir, 'owner'), JSON.stringify({ pid: process.ppid, start: 1, host: hostname(), id: 'x' }))
    await start()
    expect(JSON.parse(readFileSync(join(dataDir, 'owner'), 'utf8'))).toMatchObject({ pid: process.pid })
  })

  it('believes an owner in another container, which it cannot see, by its touch', async () => {
    const file = join(dataDir, 'owner')
    writeFileSync(file, JSON.stringify({ pid: 1, start: 1, host: 'another-container', id: 'x' }))
    let tick = Date.now() / 1000
    const touching = setInterval(() => utimesSync(file, ++tick, tick), 100)
    await expect(startEmbedded(dataDir, log)).rejects.toMatchObject({ code: 'data-directory-owned', message: expect.stringContaining('pid 1 on another-container') })
    clearInterval(touching)
    utimesSync(file, 1, 1)
    await start()
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid })
  })

  it('leaves neither process, socket nor lock behind when stopped', async () => {
    const embedded = await startEmbedded(dataDir, log)
    const pid = serverPid()
    const socket = decodeURIComponent(new URL(embedded.url).hostname)
    expect(existsSync(socket)).toBe(true)
    await embedded.stop()
    expect(processStart(pid)).toBeUndefined()
    expect(existsSync(socket)).toBe(false)
    expect(existsSync(join(dataDir, 'owner'))).toBe(false)
  })

  it('clears away a half-made cluster, and leaves one of another Postgres version alone', async () => {
    freshFolder()
    mkdirSync(join(dataDir, 'postgres.new-0000/base'), { recursive: true })
    const embedded = await startEmbedded(dataDir, log)
    await embedded.stop()
    expect(existsSync(join(dataDir, 'postgres.new-0000'))).toBe(false)
    writeFileSync(join(dataDir, 'postgres/PG_VERSION'), '15\n')
    await expect(startEmbedded(dataDir, log)).rejects.toMatchObject({ code: 'embedded-version', message: expect.stringContaining('Postgres 15') })
    expect(existsSync(join(dataDir, 'owner'))).toBe(false)
  })

  it('says so when the data directory cannot be made', async () => {
    freshFolder()
    writeFileSync(join(dataDir, 'file'), '')
    await expect(startEmbedded(join(dataDir, 'file/inside'), log)).rejects.toMatchObject({ code: 'data-directory-unusable' })
  })

  it('runs in a directory that its own user cannot walk to, as below a home of root', async () => {
    freshFolder()
    mkdirSync(join(dataDir, 'closed'), { mode: 0o700 })
    dataDir = join(dataDir, 'closed/data')
    const { url } = await start()
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }])
  })
})
