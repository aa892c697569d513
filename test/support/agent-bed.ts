import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChildProcess } from 'node:child_process'
import { afterAll } from 'vitest'
import { issueBootstrap } from '../../controller/dispatch/register.js'
import { readConfig } from '../../executor/config.js'
import { startExecutor } from '../../executor/start.js'
import type { Json } from '../../petri/json.js'
import { API } from '../../protocol/api.js'
import type { EventAnswer } from '../../protocol/api/history.js'
import { testApi, type TestApi } from './api.js'
import { forkTs } from './fork-ts.js'
import { netText, ready, until } from './merge-net.js'
import { startScriptedModel, type ScriptedModel } from './scripted-model/server.js'

type Settings = Readonly<Record<string, string>>

export interface AgentBed {
  readonly api: TestApi
  readonly model: ScriptedModel
  /** proposes files, merges them, and waits until the session runs them */
  merge(files: Readonly<Record<string, string>>, session?: string): Promise<string>
  put(place: string, data: Json, correlation?: string): Promise<void>
  /** data of the tokens of `net/place` */
  tokens(place: string): Promise<Json[]>
  /** waits for that many tokens */
  arrived(place: string, count?: number): Promise<Json[]>
  events(type?: string): Promise<EventAnswer[]>
  executor(settings?: Settings): Promise<{ stop: () => Promise<void> }>
  /** an executor as a process of its own */
  process(settings?: Settings): Promise<ChildProcess>
}

export interface BedOptions {
  /** lines of models.yaml for each model besides `scripted` */
  readonly models?: (model: ScriptedModel) => Readonly<Record<string, string>>
  /** more words of the model `scripted` */
  readonly scripted?: string
}

/** A whole controller with git and Postgres in this process, a scripted model on loopback, and what a test needs to watch agents. */
export async function agentBed(options: BedOptions = {}): Promise<AgentBed> {
  const api = await testApi({ whole: true })
  const model = await startScriptedModel()
  const folders: string[] = []
  const ends: (() => Promise<void>)[] = []
  afterAll(async () => {
    await Promise.all(ends.map((end) => end()))
    await model.close()
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  })
  let names = 0
  const settingsOf = async (settings: Settings): Promise<Record<string, string>> => {
    const data = mkdtempSync(join(tmpdir(), 'agenticos-agent-'))
    folders.push(data)
    return {
      AGENTICOS_URL: api.url, AGENTICOS_EXECUTOR_TOKEN: await issueBootstrap(api.db, 'test', 3_600_000), AGENTICOS_EXECUTOR_NAME: `x${++names}`,
      AGENTICOS_EXECUTOR_DATA: data, AGENTICOS_EXECUTOR_LOG: 'silent', AGENTICOS_EXECUTOR_MODEL_HOSTS: new URL(model.ollamaUrl).origin,
      PATH: process.env['PATH']!, HOME: process.env['HOME']!, ...settings,
    }
  }
  const models = {
    scripted: `{provider: openai, url: '${model.url}', model: scripted, context: 100000, price: {input: 1, output: 2}${options.scripted === undefined ? '' : `, ${options.scripted}`}}`,
    ...options.models?.(model),
  }
  const modelsFile = `apiVersion: agenticos.dev/v1\nkind: Models\nmodels:\n${Object.entries(models).map(([name, words]) => `  ${name}: ${words}\n`).join('')}`

  const bed: AgentBed = {
    api, model,
    async merge(files, session = 'demo') {
      const list = Object.entries({ 'models.yaml': modelsFile, ...files }).map(([path, content]) => ({ path, content }))
      const { number } = await api.client.call(API.openProposal, { body: { title: 'Nets of a test', files: list } })
      const { merged } = await api.client.call(API.mergeProposal, { params: { proposal: number }, body: {} })
      const commit = merged!.commit
      await until(async () => {
        const row = (await api.client.call(API.listRevisions)).items.find((one) => one.commit === commit)
        if (row?.state === 'refused') throw new Error(`the commit was refused: ${JSON.stringify(row)}`)
        return row?.state === 'applied'
      })
      await ready(api.client, session)
      return commit
    },
    async put(address, data, correlation) {
      const [net = '', place = ''] = address.split('/')
      await api.client.call(API.putToken, { params: { session: 'demo', net, place }, body: { data: data as never, ...(correlation === undefined ? {} : { correlationId: correlation }) } })
    },
    async tokens(address) {
      const [net = '', place = ''] = address.split('/')
      const page = await api.client.call(API.listTokens, { params: { session: 'demo', net, place }, query: { limit: 500 } })
      return page.items.map((token) => token.data as Json)
    },
    arrived: (address, count = 1) => until(async () => {
      const list = await bed.tokens(address)
      if (list.length >= count) return list
      const failures = address.endsWith('/failures') ? [] : await bed.tokens(`${address.split('/')[0]}/failures`)
      if (failures.length > 0) throw new Error(`it failed: ${JSON.stringify(failures, null, 1).slice(0, 4_000)}`)
      return undefined
    }),
    async events(type) {
      const page = await api.client.call(API.listEvents, { params: { session: 'demo' }, query: { limit: 500, ...(type === undefined ? {} : { type }) } })
      return [...page.items]
    },
    async executor(settings = {}) {
      const stop = new AbortController()
      const { stopped } = await startExecutor(readConfig(await settingsOf(settings)), stop.signal)
      const end = async (): Promise<void> => {
        stop.abort()
        await stopped.catch(() => {})
      }
      ends.push(end)
      return { stop: end }
    },
    async process(settings = {}) {
      return forkTs('./executor-process.ts', [], { env: { ...process.env, ...await settingsOf(settings) } })
    },
  }
  return bed
}

/** Two places and an agent between them, that gives what it is done with to `results`; what fails goes to `failures`. */
export function agentNet(name: string, words: string, more = ''): Record<string, string> {
  return {
    [`nets/demo/${name}.yaml`]: netText(name, `places:
  tasks: {category: task}
  results: {category: task}
  failures: {category: task}
${more}transitions:
  work:
    kind: agent
    in: {task: tasks}
    do: {prompt: 'Do this: \${task.text}', ${words}}
    budget: {usd: 1, per: firing}
    out: {results: {}, failures: {when: error}}
`),
    'nets/demo/session.yaml': 'apiVersion: agenticos.dev/v1\nkind: Session\nmetadata: {name: demo}\n',
  }
}

export interface Ended {
  /** what the firing gave, or `{error, input}` of its error arc */
  readonly done?: Json
  readonly error?: { readonly code: string, readonly message: string, readonly detail: any }
}

/** Lets one firing of a net of `agentNet`'s form run to its end under a script. */
export async function fired(bed: AgentBed, net: string, script: Parameters<ScriptedModel['script']>[0], data: Json = { text: 'the task' }): Promise<Ended> {
  const count = async (): Promise<[Json[], Json[]]> => [await bed.tokens(`${net}/results`), await bed.tokens(`${net}/failures`)]
  const [results, failures] = await count()
  bed.model.script(script)
  await bed.put(`${net}/tasks`, data)
  return until(async () => {
    const [done, failed] = await count()
    if (done.length > results.length) return { done: done.at(-1)! }
    if (failed.length > failures.length) return failed.at(-1) as Ended
    return undefined
  })
}
