import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, expect } from 'vitest'
import { packageRoot } from '../../controller/package-root.js'
import type { Database } from '../../controller/store/database.js'
import type { Json } from '../../petri/json.js'
import { API } from '../../protocol/api.js'
import type { EventAnswer } from '../../protocol/api/history.js'
import { createClient, type Client } from '../../protocol/client.js'
import { testDatabase } from './database.js'

export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface RiverOptions {
  /** files of the net repository, merged by a proposal before the river is handed over */
  readonly files?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  /** folder in which controller, executor and command line run; the package's own unless given */
  readonly cwd?: string
}

/** A whole controller with its executor, as processes of the built program, on a database and a data directory of its own. */
export interface River {
  readonly client: Client
  readonly url: string
  readonly db: Database
  readonly databaseUrl: string
  readonly dataDir: string
  readonly child: ChildProcess
  /** lines of the log so far */
  readonly log: readonly string[]
  /** runs the command line against it */
  cli(...args: string[]): Promise<Ran>
  /** proposes files, merges, and waits until every session of them has adopted the commit */
  merge(files: Readonly<Record<string, string | null>>): Promise<string>
  put(address: string, data: Json, correlation?: string): Promise<string>
  /** puts many, one inbox row */
  putAll(address: string, data: readonly Json[]): Promise<void>
  /** values of a place, oldest first */
  tokens(address: string): Promise<Json[]>
  events(session: string, query?: { net?: string; transition?: string; type?: string; correlation?: string }): Promise<EventAnswer[]>
  /** nothing waits, nothing is due, no effect is outside */
  quiet(session: string): Promise<void>
  until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T>
  /** SIGTERM, and the exit code */
  stop(): Promise<number | null>
}

const PROGRAM = join(packageRoot(), 'dist/controller/main.js')
const CLI = join(packageRoot(), 'dist/cli/main.js')

// Registered once, for the file: an afterAll that is called from a beforeAll is not heard.
const ends: (() => Promise<void>)[] = []
afterAll(async () => void await Promise.all(ends.splice(0).map((end) => end())))

/** Starts a river that ends with the test file. */
export async function startRiver({ files, env = {}, cwd = packageRoot() }: RiverOptions = {}): Promise<River> {
  const { url: databaseUrl, database: db } = await testDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'agenticos-river-'))
  const child = spawn(process.execPath, ['--enable-source-maps', PROGRAM], {
    // The channel ends the controller when this process is killed.
    cwd, stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, DATABASE_URL: databaseUrl, AGENTICOS_DATA_DIR: dataDir, AGENTICOS_PORT: '0', AGENTICOS_LOG_LEVEL: 'info', ...env },
  })
  const log: string[] = []
  const stop = async (): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
    }
    return child.exitCode
  }
  ends.push(async () => {
    await stop()
    await rm(dataDir, { recursive: true, force: true })
  })
  const url = await running(child, log)
  const client = createClient({ server: url, token: (await readFile(join(dataDir, 'admin-token'), 'utf8')).trim() })

  const river: River = {
    client, url, db, databaseUrl, dataDir, child, log, stop,
    cli: (...args) => run(process.execPath, [CLI, ...args], { cwd, env: { ...process.env, AGENTICOS_DATA_DIR: dataDir, NO_COLOR: '1' } }),
    async merge(changed) {
      const list = Object.entries(changed).map(([path, content]) => ({ path, content }))
      const { number } = await client.call(API.openProposal, { body: { title: 'A change by a test', files: list } })
      const { merged } = await client.call(API.mergeProposal, { params: { proposal: number }, body: { comment: '' } })
      const sessions = new Set(list.map(({ path }) => path.split('/')[1]))
      await river.until('the commit is adopted', async () => {
        const { repository } = await client.call(API.status)
        if (repository.attempted === merged!.commit && repository.applied !== merged!.commit) expect(repository.findings).toEqual([])
        const known = (await client.call(API.listSessions)).items.filter((one) => sessions.has(one.name))
        return repository.applied === merged!.commit && known.every((one) => one.adopted === one.generation)
      })
      return merged!.commit
    },
    async put(address, data, correlation) {
      const answer = await client.call(API.putToken, { params: placeOf(address), body: { data: data as never, ...(correlation === undefined ? {} : { correlationId: correlation }) } })
      return answer.id ?? ''
    },
    async putAll(address, data) {
      const answer = await client.call(API.putTokens, { params: placeOf(address), body: data as never })
      expect({ put: answer.put, problems: answer.problems }).toEqual({ put: data.length, problems: [] })
    },
    async tokens(address) {
      const values: Json[] = []
      for (let cursor: string | undefined; ;) {
        const page = await client.call(API.listTokens, { params: placeOf(address), query: { limit: 500, ...(cursor === undefined ? {} : { cursor }) } })
        values.push(...page.items.filter((token) => !token.superseded).map((token) => token.data as Json))
        cursor = page.next ?? undefined
        if (cursor === undefined) return values
      }
    },
    async events(session, query = {}) {
      const found: EventAnswer[] = []
      for (let cursor: string | undefined; ;) {
        const page = await client.call(API.listEvents, { params: { session }, query: { ...query, limit: 500, ...(cursor === undefined ? {} : { cursor }) } })
        found.push(...page.items)
        cursor = page.next ?? undefined
        if (cursor === undefined) return found
      }
    },
    async quiet(session) {
      await river.until(`${session} is quiet`, async () => {
        const [row] = await db.query<{ busy: boolean }>(
          `select adopted < generation or coalesce(wake_at <= now(), false) or exists (select from runtime.inbox i where i.session = s.session)
               or exists (select from runtime.effects e where e.session = s.session and e.state in ('pending', 'leased')) as busy
             from runtime.sessions s where session = $1`, [session])
        return row?.busy === false
      })
    },
    async until(what, look) {
      for (let round = 0; round < 2_000; round++) {
        const seen = await look()
        if (seen !== undefined && seen !== false) return seen
        await new Promise((resolve) => setTimeout(resolve, 25))
      }
      throw new Error(`${what}: it did not come; the log ends with\n${log.slice(-10).join('\n')}`)
    },
  }
  if (files !== undefined) await river.merge(files)
  return river
}

/** Runs a program to its end. */
export function run(program: string, args: readonly string[], options: { cwd: string; env: NodeJS.ProcessEnv; shell?: boolean }): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    let [out, err] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => { out += text })
    child.stderr.setEncoding('utf8').on('data', (text: string) => { err += text })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, out, err }))
  })
}

async function running(child: ChildProcess, log: string[]): Promise<string> {
  return await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the controller ended with ${code}:\n${log.join('\n')}`)))
    child.once('error', reject)
    createInterface({ input: child.stderr! }).on('line', (line) => log.push(line))
    createInterface({ input: child.stdout! }).on('line', (line) => {
      log.push(line)
      const { msg, url } = line.startsWith('{') ? (JSON.parse(line) as { msg?: string; url?: string }) : {}
      if (msg === 'the controller runs' && url !== undefined) resolve(url)
    })
  })
}

function placeOf(address: string): { session: string; net: string; place: string } {
  const [session = '', net = '', place = ''] = address.split('/')
  return { session, net, place }
}
