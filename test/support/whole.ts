import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect } from 'vitest'
import { issueBootstrap } from '../../controller/dispatch/register.js'
import { readConfig } from '../../executor/config.js'
import { createLog } from '../../executor/log.js'
import { startExecutor } from '../../executor/start.js'
import type { Json } from '../../petri/json.js'
import { API } from '../../protocol/api.js'
import type { EventAnswer } from '../../protocol/api/history.js'
import { testApi, type TestApi } from './api.js'

export interface Whole extends TestApi {
  /** proposes and merges files, and waits until they run */
  merge(files: Readonly<Record<string, string>>): Promise<string>
  put(address: string, data: Json, correlationId?: string): Promise<string>
  tokens(address: string): Promise<Json[]>
  events(session: string): Promise<EventAnswer[]>
  /** looks again whenever something may have changed */
  until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T>
  /** an executor in this process; ends with the test file, or when told */
  executor(settings?: Readonly<Record<string, string>>): Promise<{ stop(): Promise<void> }>
}

/** Controller and, when asked for, executors, all in this process over real Postgres, git and HTTP. */
export async function startWhole(files?: Readonly<Record<string, string>>): Promise<Whole> {
  const api = await testApi({ whole: true })
  const { client, db, url } = api
  const folders: string[] = []
  const stops: (() => Promise<void>)[] = []
  afterAll(async () => {
    for (const stop of stops) await stop()
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  })
  const place = (address: string) => {
    const [session = '', net = '', name = ''] = address.split('/')
    return { session, net, place: name }
  }
  let executors = 0
  const whole: Whole = {
    ...api,
    async merge(given) {
      const sessions = [...new Set(Object.keys(given).filter((path) => path.startsWith('nets/')).map((path) => path.split('/')[1]!))]
      const { number } = await client.call(API.openProposal, { body: { title: 'Test', files: Object.entries(given).map(([path, content]) => ({ path, content })) } })
      const { merged } = await client.call(API.mergeProposal, { params: { proposal: number }, body: {} })
      await whole.until('the commit runs', async () => {
        const { repository } = await client.call(API.status)
        if (repository.attempted === merged!.commit && repository.applied !== merged!.commit) expect(repository.findings).toEqual([])
        const known = (await client.call(API.listSessions)).items.filter((one) => sessions.includes(one.name))
        return repository.applied === merged!.commit && known.length === sessions.length && known.every((one) => one.adopted === one.generation)
      })
      return merged!.commit
    },
    async put(address, data, correlationId) {
      return (await client.call(API.putToken, { params: place(address), body: { data: data as never, ...(correlationId === undefined ? {} : { correlationId }) } })).id ?? ''
    },
    async tokens(address) {
      return (await client.call(API.listTokens, { params: place(address), query: { limit: 1000 } })).items.map((token) => token.data as Json)
    },
    async events(session) {
      return (await client.call(API.listEvents, { params: { session }, query: { limit: 1000 } })).items
    },
    async until(what, look) {
      for (let round = 0; round < 2_000; round++) {
        const seen = await look()
        if (seen !== undefined && seen !== false) return seen
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      throw new Error(`${what}: it did not come`)
    },
    async executor(settings = {}) {
      const folder = mkdtempSync(join(tmpdir(), 'agenticos-executor-'))
      folders.push(folder)
      const name = settings['AGENTICOS_EXECUTOR_NAME'] ?? `here-${++executors}`
      const token = await issueBootstrap(db, name, 60_000)
      const end = new AbortController()
      const options = readConfig({ PATH: process.env['PATH'], HOME: folder, AGENTICOS_URL: url, AGENTICOS_EXECUTOR_TOKEN: token, AGENTICOS_EXECUTOR_NAME: name, AGENTICOS_EXECUTOR_DATA: join(folder, 'data'), AGENTICOS_EXECUTOR_ROOTS: folder, ...settings })
      const running = await startExecutor(options, end.signal, { log: createLog('silent') })
      const stop = async (): Promise<void> => {
        end.abort()
        await running.stopped.catch(() => undefined)
      }
      stops.push(stop)
      return { stop }
    },
  }
  if (files !== undefined) await whole.merge(files)
  return whole
}
