import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fastify, { type FastifyInstance } from 'fastify'
import { afterAll } from 'vitest'
import { startDispatch, type RunningDispatch } from '../../controller/dispatch/dispatch.js'
import { issueBootstrap } from '../../controller/dispatch/register.js'
import { dispatchRoutes } from '../../controller/dispatch/routes.js'
import { TIMING, type Timing } from '../../controller/dispatch/timing.js'
import { createLog } from '../../controller/log.js'
import type { Database } from '../../controller/store/database.js'
import { poolOf, type EffectRequest, type Outcome } from '../../protocol/effect.js'
import { readConfig } from '../../executor/config.js'
import { startExecutor, type Executor } from '../../executor/start.js'
import { testDatabase } from './database.js'

export interface EffectRow {
  readonly session?: string
  readonly firing: number
  readonly attempt?: number
  readonly request?: EffectRequest
  readonly timeoutMs?: number
  readonly credentials?: Readonly<Record<string, string>>
  readonly labels?: Readonly<Record<string, string>>
  readonly workspace?: string
  /** milliseconds from now */
  readonly dueMs?: number
}

export interface InboxOutcome {
  readonly session: string
  readonly firing: number
  readonly attempt: number
  readonly executor: string
  readonly outcome: Outcome
}

export interface Bed {
  readonly url: string
  readonly database: Database
  readonly databaseUrl: string
  readonly dispatch: RunningDispatch
  readonly app: FastifyInstance
  bootstrap(): Promise<string>
  /** inserts as the engine does: rows, then one notify */
  add(...rows: EffectRow[]): Promise<void>
  outcomes(): Promise<InboxOutcome[]>
  /** waits until that many outcomes are in the inbox */
  settled(count: number): Promise<InboxOutcome[]>
  state(firing: number, session?: string): Promise<{ state: string, attempt: number, executor: string | null, outcome_hash: string | null }>
  post(path: string, token: string, body: unknown): Promise<{ status: number, json: any }>
  executor(settings?: Readonly<Record<string, string>>, extras?: Parameters<typeof startExecutor>[2]): Promise<{ executor: Executor, stop: () => Promise<void>, data: string }>
  folder(): string
}

export const TRUE: EffectRequest = { kind: 'command', argv: ['true'], env: {}, expect: [0], maxBytes: 65_536 }

export function argv(...words: string[]): EffectRequest {
  return { ...TRUE, argv: words } as EffectRequest
}

export function script(text: string, more: object = {}): EffectRequest {
  return { kind: 'command', script: text, env: {}, expect: [0], maxBytes: 65_536, ...more }
}

export const quiet = createLog({ level: 'silent' })

/** A real dispatch on a real database behind a real server, taken down after the file's tests. */
export async function dispatchBed(timing: Partial<Timing> = {}): Promise<Bed> {
  const { database, url: databaseUrl } = await testDatabase()
  const stop = new AbortController()
  const dispatch = await startDispatch(database, quiet, stop.signal, { ...TIMING, ...timing })
  const app = fastify({ bodyLimit: 1024 * 1024, forceCloseConnections: true })
  await app.register(dispatchRoutes(dispatch))
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const folders: string[] = []
  const stops: (() => Promise<void>)[] = []
  afterAll(async () => {
    await Promise.all(stops.map((one) => one()))
    stop.abort()
    await app.close()
    await dispatch.stopped
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  })
  let names = 0

  const bed: Bed = {
    url, database, databaseUrl, dispatch, app,
    bootstrap: () => issueBootstrap(database, 'test', 3_600_000),
    async add(...rows) {
      const sessions = [...new Set(rows.map((row) => row.session ?? 'demo'))]
      await database.query('insert into runtime.sessions (session) select unnest($1::text[]) on conflict do nothing', [sessions])
      const values = rows.map((row) => ({
        session: row.session ?? 'demo', firing: row.firing, attempt: row.attempt ?? 1, net: 'net', transition: 'work',
        kind: (row.request ?? TRUE).kind, state: 'pending', labels: row.labels ?? {}, pool: poolOf(row.labels ?? {}),
        workspace: row.workspace ?? '', due: row.dueMs ?? -1, hold: {},
        request: {
          timeoutMs: row.timeoutMs ?? 30_000, idempotencyKey: `${row.session ?? 'demo'}-${row.firing}`, credentials: row.credentials ?? {},
          request: row.workspace === undefined ? row.request ?? TRUE : { ...(row.request ?? TRUE), workspace: row.workspace },
        },
      }))
      await database.query(`insert into runtime.effects (session, firing, attempt, net, transition, kind, state, labels, pool, workspace, due_at, request, hold)
        select session, firing, attempt, net, transition, kind, state, labels, pool, workspace, now() + due * interval '1 millisecond', request, hold
        from jsonb_to_recordset($1::jsonb) as r (session text, firing bigint, attempt int, net text, transition text, kind text, state text,
          labels jsonb, pool text, workspace text, due float8, request jsonb, hold jsonb)`, [JSON.stringify(values)])
      for (const pool of new Set(values.map((value) => value.pool))) database.notify('effects', pool)
    },
    async outcomes() {
      const rows = await database.query<{ session: string, body: string }>(`select session, body from runtime.inbox where kind = 'outcome' order by id`)
      return rows.map((row) => ({ session: row.session, ...(JSON.parse(row.body) as Omit<InboxOutcome, 'session'>) }))
    },
    async settled(count) {
      const listening = new AbortController()
      try {
        let look = (): void => {}
        await database.listen(['inbox'], () => look(), () => look(), listening.signal)
        for (;;) {
          const changed = new Promise<void>((resolve) => {
            look = resolve
            setTimeout(resolve, 500)
          })
          const rows = await bed.outcomes()
          if (rows.length >= count) return rows
          await changed
        }
      } finally {
        listening.abort()
      }
    },
    async state(firing, session = 'demo') {
      const [row] = await database.query<{ state: string, attempt: number, executor: string | null, outcome_hash: string | null }>(
        'select state, attempt, executor, outcome_hash from runtime.effects where session = $1 and firing = $2', [session, firing])
      return row!
    },
    async post(path, token, body) {
      const answer = await fetch(`${url}/v1/executors/${path}`, {
        method: 'POST', headers: { 'authorization': `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify(body),
      })
      return { status: answer.status, json: await answer.json() }
    },
    async executor(settings = {}, extras = {}) {
      const data = settings['AGENTICOS_EXECUTOR_DATA'] ?? bed.folder()
      const ended = new AbortController()
      const options = readConfig({
        AGENTICOS_URL: url, AGENTICOS_EXECUTOR_TOKEN: await bed.bootstrap(), AGENTICOS_EXECUTOR_NAME: `x${++names}`,
        AGENTICOS_EXECUTOR_DATA: data, AGENTICOS_EXECUTOR_LOG: 'silent', PATH: process.env['PATH'], HOME: process.env['HOME'], ...settings,
      })
      const executor = await startExecutor(options, ended.signal, { ...extras })
      const end = async (): Promise<void> => {
        ended.abort()
        await executor.stopped.catch(() => {})
      }
      stops.push(end)
      return { executor, stop: end, data }
    },
    folder() {
      const folder = mkdtempSync(join(tmpdir(), 'agenticos-bed-'))
      folders.push(folder)
      return folder
    },
  }
  return bed
}
