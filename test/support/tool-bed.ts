import { API } from '../../protocol/api.js'
import type { Json, JsonObject } from '../../petri/json.js'
import { createApplied } from '../../controller/api/applied.js'
import type { Context } from '../../controller/api/context.js'
import { createDecisions } from '../../controller/api/decisions.js'
import { createHub } from '../../controller/api/hub.js'
import { createPoster } from '../../controller/api/poster.js'
import { createReservations } from '../../controller/api/reservations.js'
import { createToolParts } from '../../controller/api/tools/parts.js'
import { createLog } from '../../controller/log.js'
import { testApi, type TestApi } from './api.js'

export interface Said {
  readonly status: number
  /** the answer, or the problem report */
  readonly body: any
}

export interface ToolBed {
  readonly api: TestApi
  /** merges files and waits until their sessions have adopted them */
  merge(files: Readonly<Record<string, string>>): Promise<void>
  /** a tool call over HTTP */
  call(token: string, name: string, input?: Json, headers?: Readonly<Record<string, string>>): Promise<Said>
  /** events of a session, once one of them is as asked */
  eventsOnce(session: string, holds: (event: any) => boolean): Promise<any[]>
  until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T>
}

/** A whole API in this process, with tools called as agents and people call them. */
export async function toolBed(files: Readonly<Record<string, string>> = {}): Promise<ToolBed> {
  const api = await testApi({ whole: true })
  const bed: ToolBed = {
    api,
    async merge(changed) {
      const list = Object.entries(changed).map(([path, content]) => ({ path, content }))
      const { number } = await api.client.call(API.openProposal, { body: { title: 'A change by a test', files: list } })
      const { merged } = await api.client.call(API.mergeProposal, { params: { proposal: number }, body: { comment: '' } })
      const sessions = new Set(list.map(({ path }) => path.split('/')[1]))
      await bed.until('the commit is adopted', async () => {
        const { repository } = await api.client.call(API.status)
        if (repository.attempted === merged!.commit && repository.applied !== merged!.commit && repository.findings.length > 0) throw new Error(JSON.stringify(repository.findings))
        const known = (await api.client.call(API.listSessions)).items.filter((one) => sessions.has(one.name))
        return repository.applied === merged!.commit && known.every((one) => one.adopted === one.generation)
      })
    },
    async call(token, name, input = {}, headers = {}) {
      const answer = await fetch(`${api.url}/v1/tools/${name}`, {
        method: 'POST', body: JSON.stringify(input), headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      })
      return { status: answer.status, body: await answer.json() as JsonObject }
    },
    async eventsOnce(session, holds) {
      return await bed.until(`an event of ${session}`, async () => {
        const { items } = await api.client.call(API.listEvents, { params: { session }, query: { limit: 1000 } })
        return items.some(holds) && items
      })
    },
    async until(what, look) {
      for (let round = 0; round < 800; round++) {
        const seen = await look()
        if (seen !== undefined && seen !== false) return seen
        await new Promise((resolve) => setTimeout(resolve, 25))
      }
      throw new Error(`${what}: it did not come`)
    },
  }
  if (Object.keys(files).length > 0) await bed.merge(files)
  return bed
}

/** What routes are given, made anew beside a running API: for calling what stands behind them. */
export function apiContext({ db, forge }: TestApi, signal: AbortSignal): Context {
  const log = createLog({ level: 'silent' })
  const hub = createHub(db, log, signal)
  return { db, forge, log, hub, decisions: createDecisions(db, hub, log), poster: createPoster(db), applied: createApplied(db), reservations: createReservations(db), tools: createToolParts(db), version: '0' }
}
