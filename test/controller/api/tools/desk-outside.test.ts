import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHub } from '../../../../controller/api/hub.js'
import { outsideDesk } from '../../../../controller/api/tools/desk-outside.js'
import { collectErrand } from '../../../../controller/store/errands/collect.js'
import type { Caller } from '../../../../tools/caller.js'
import type { Desk } from '../../../../tools/desk.js'
import { dockerList } from '../../../../tools/execute/docker-list.js'
import { dockerLogs } from '../../../../tools/execute/docker-logs.js'
import { dockerRun } from '../../../../tools/execute/docker-run.js'
import { dockerStop } from '../../../../tools/execute/docker-stop.js'
import { httpCall } from '../../../../tools/http/http-call.js'
import { Refusal, type Tool } from '../../../../tools/tool.js'
import { dispatchBed, quiet } from '../../../support/dispatch-bed.js'
import { fakeDocker } from '../../../support/fake-docker.js'

const bed = await dispatchBed()
const stop = new AbortController()
afterAll(() => stop.abort())
const hub = createHub(bed.database, quiet, stop.signal)

const SECRET = 'hush-4711-not-for-models'
const seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = []
const site = createServer((request, response) => {
  let body = ''
  request.setEncoding('utf8').on('data', (text: string) => { body += text }).on('end', () => {
    seen.push({ method: request.method!, url: request.url!, headers: request.headers, body })
    if (request.url === '/large') return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ text: 'x'.repeat(400_000) }))
    if (request.url === '/huge') return response.end(Buffer.alloc(9 * 1024 * 1024))
    if (request.url === '/never') return
    response.writeHead(request.url === '/missing' ? 404 : 200, { 'content-type': 'application/json', 'set-cookie': 'a=b' })
    response.end(JSON.stringify({ said: body, authorization: request.headers.authorization ?? null }))
  })
})
await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
const port = (site.address() as AddressInfo).port
const url = `http://127.0.0.1:${port}`
afterAll(() => {
  site.closeAllConnections()
  site.close()
})

const person: Caller = { name: 'ada', agent: false, admin: true, role: 'rwxhl', session: 'demo', covers: (session) => session === 'demo', draft: 'ada' }
const agent = (firing: number): Caller => ({
  ...person, name: 'agent demo/net/work', agent: true, admin: false,
  firing: { session: 'demo', firing, net: 'net', transition: 'work', correlation: 'c', model: 'm', prompt: 'p', writes: [] },
})

async function call<T extends Tool>(tool: T, parameters: Record<string, unknown>, caller = person, signal: AbortSignal = stop.signal): Promise<Record<string, any>> {
  const outside = outsideDesk({ db: bed.database, hub }, { caller, signal, key: 'k', touched: new Set() })
  const answer = await tool.run(tool.parameters.parse(parameters) as never, { caller, signal, outside } as Desk)
  return tool.answer.parse(answer) as Record<string, any>
}
const refusal = async (run: Promise<unknown>): Promise<Refusal> => run.then(() => { throw new Error('it was not refused') }, (error: unknown) => error as Refusal)
const left = () => bed.database.query('select id from runtime.errands')

const tool = (one: unknown) => one as Tool

describe('where no executor is', () => {
  it('HTTP_CALL says so and what to do', async () => {
    expect(await refusal(call(tool(httpCall), { method: 'GET', url }))).toMatchObject({ code: 'no-executor', remedy: expect.stringContaining('agenticos executor') })
  })

  it('DOCKER_RUN says that none runs containers and how one would', async () => {
    expect(await refusal(call(tool(dockerRun), { image: 'alpine', ttl: 5 }))).toMatchObject({ code: 'no-executor', message: 'no executor here runs containers', remedy: expect.stringContaining('AGENTICOS_EXECUTOR_IMAGES') })
    expect(await refusal(call(tool(dockerList), {}))).toMatchObject({ code: 'no-executor' })
  })
})

const docker = fakeDocker()

describe('with an executor', () => {
  beforeAll(async () => void await bed.executor({
    AGENTICOS_EXECUTOR_NAME: 'outdoors', AGENTICOS_EGRESS_ALLOW: `http://127.0.0.1:${port}`, AGENTICOS_CREDENTIALS: 'MY_KEY@127.0.0.1 OTHER_KEY@api.example',
    MY_KEY: SECRET, OTHER_KEY: 'another-secret', AGENTICOS_EXECUTOR_IMAGES: 'docker.io/library/alpine:* fail:1', AGENTICOS_EXECUTOR_PATH: docker.path,
  }))

  describe('HTTP_CALL', () => {
    it('makes the call and tells status, headers and body, whatever the status is', async () => {
      expect(await call(tool(httpCall), { method: 'POST', url: `${url}/a?b=c`, headers: { 'x-one': '1' }, body: { n: 1 } })).toMatchObject({
        scope: `POST 127.0.0.1:${port}/a`, executor: 'outdoors', status: 200, json: { said: '{"n":1}', authorization: null },
      })
      expect(seen.at(-1)).toMatchObject({ method: 'POST', url: '/a?b=c', headers: { 'x-one': '1', 'content-type': 'application/json' } })
      const missing = await call(tool(httpCall), { method: 'GET', url: `${url}/missing` })
      expect(missing['status']).toBe(404)
      expect(missing['headers']).not.toHaveProperty('set-cookie')
    })

    it('is held by the egress policy', async () => {
      expect(await refusal(call(tool(httpCall), { method: 'GET', url: 'http://127.0.0.1:1/' }))).toMatchObject({ code: 'egress-refused' })
      expect(await refusal(call(tool(httpCall), { method: 'GET', url: 'https://169.254.169.254/latest/meta-data' }))).toMatchObject({ code: 'egress-refused' })
    })

    it('cuts a body of more than 256 KiB and says so, and refuses one of more than 8 MiB', async () => {
      const large = await call(tool(httpCall), { method: 'GET', url: `${url}/large` })
      expect(large['cut']).toEqual({ bytes: 400_011, shown: 262_144 })
      expect(large['text']).toHaveLength(262_144)
      expect(await refusal(call(tool(httpCall), { method: 'GET', url: `${url}/huge` }))).toMatchObject({ code: 'answer-too-large' })
    })

    it('fills a credential that the transition of the agent declares, and shows its value to nobody', async () => {
      await bed.add({ firing: 71, credentials: { KEY: 'env:MY_KEY' }, dueMs: 3_600_000 })
      const answer = await call(tool(httpCall), { method: 'GET', url, credential: 'KEY' }, agent(71))
      expect(seen.at(-1)!.headers['authorization']).toBe(`Bearer ${SECRET}`)
      expect(answer['json']).toEqual({ said: '', authorization: 'Bearer ***' })
      await call(tool(httpCall), { method: 'GET', url, credential: 'env:MY_KEY', headers: { 'x-key': 'k=${credential};' } }, agent(71))
      expect(seen.at(-1)!.headers).toMatchObject({ 'x-key': `k=${SECRET};` })
      expect(seen.at(-1)!.headers).not.toHaveProperty('authorization')
    })

    it('refuses a credential that the transition does not declare, that the token may not use, or that may not go there', async () => {
      expect(await refusal(call(tool(httpCall), { method: 'GET', url, credential: 'env:OTHER_KEY' }, agent(71)))).toMatchObject({ code: 'credential-refused', remedy: 'it declares KEY' })
      expect(await refusal(call(tool(httpCall), { method: 'GET', url, credential: 'env:MY_KEY' }, { ...person, admin: false }))).toMatchObject({ code: 'credential-refused' })
      expect(await refusal(call(tool(httpCall), { method: 'GET', url, credential: 'env:OTHER_KEY' }))).toMatchObject({ code: 'credential-refused', message: expect.stringContaining('may not go to 127.0.0.1') })
      expect(await refusal(call(tool(httpCall), { method: 'GET', url, credential: 'env:PATH' }))).toMatchObject({ code: 'credential-refused' })
    })

    it('is told to stop when nobody waits any more, and leaves nothing behind', async () => {
      const gone = new AbortController()
      const before = seen.length
      const calling = refusal(call(tool(httpCall), { method: 'GET', url: `${url}/never` }, person, gone.signal))
      const closed = new Promise<void>((resolve) => site.once('request', (request: IncomingMessage) => request.once('close', () => resolve())))
      while (seen.length === before) await new Promise((resolve) => setImmediate(resolve))
      gone.abort()
      expect(await calling).toMatchObject({ code: 'shutting-down' })
      await closed
      expect(await left()).toEqual([])
    })
  })

  describe('containers', () => {
    it('run with limits, without network and rights, under a name and labels of ours', async () => {
      const answer = await call(tool(dockerRun), { image: 'docker.io/library/alpine:3.22', args: ['sh', '-c', 'echo $HI; rm -rf /'], env: { HI: 'there' }, ttl: 600, name: 'web' })
      expect(answer).toMatchObject({ scope: 'session demo', name: 'web', state: 'running', executor: 'outdoors' })
      const words = docker.calls().find(([verb]) => verb === 'run')!
      expect(words.slice(-4)).toEqual(['docker.io/library/alpine:3.22', 'sh', '-c', 'echo $HI; rm -rf /'])
      for (const pair of [
        ['--name', 'agenticos-demo.web'], ['--network', 'none'], ['--memory', String(1024 ** 3)], ['--pids-limit', '256'], ['--cpus', '1'], ['--cap-drop', 'ALL'],
        ['--security-opt', 'no-new-privileges'], ['--label', 'dev.agenticos.session=demo'], ['--label', 'dev.agenticos.executor=outdoors'], ['--env', 'HI=there'],
      ]) expect(words.join('\u0000')).toContain(pair.join('\u0000'))
      expect(words).toContain('--rm')
      expect(words).not.toContain('--volume')
    })

    it('are listed, read and stopped by name, and no other is', async () => {
      docker.foreign('agenticos-demo.theirs')
      docker.foreign('agenticos-other.web', { 'dev.agenticos.executor': 'outdoors', 'dev.agenticos.session': 'other', 'dev.agenticos.until': '2999-01-01T00:00:00Z' })
      expect(await call(tool(dockerList), {})).toMatchObject({ shown: 1, containers: [{ name: 'web', image: 'docker.io/library/alpine:3.22', executor: 'outdoors' }] })
      expect(await call(tool(dockerList), { filter: 'python' })).toMatchObject({ shown: 0 })
      expect(await call(tool(dockerLogs), { name: 'web', tail: 5 })).toMatchObject({ text: expect.stringContaining('says sh -c'), cut: false })
      expect(docker.calls().at(-1)).toEqual(['logs', '--tail', '5', 'agenticos-demo.web'])
      for (const name of ['theirs', 'nothing']) {
        expect(await refusal(call(tool(dockerStop), { name }))).toMatchObject({ code: 'container-missing' })
        expect(await refusal(call(tool(dockerLogs), { name }))).toMatchObject({ code: 'container-missing' })
      }
      expect(await call(tool(dockerStop), { name: 'web' })).toMatchObject({ stopped: true })
      expect(docker.running()).toEqual(['agenticos-demo.theirs', 'agenticos-other.web'])
    })

    it('are refused for images that are not allowed, for a name that is taken, and for other sessions', async () => {
      expect(await refusal(call(tool(dockerRun), { image: 'alpine:3.22', ttl: 5 }))).toMatchObject({ code: 'image-refused', message: expect.stringContaining('docker.io/library/alpine:*') })
      await call(tool(dockerRun), { image: 'docker.io/library/alpine:3', ttl: 600, name: 'twice' })
      expect(await refusal(call(tool(dockerRun), { image: 'docker.io/library/alpine:3', ttl: 600, name: 'twice' }))).toMatchObject({ code: 'container-exists' })
      expect(await refusal(call(tool(dockerRun), { image: 'fail:1', ttl: 5 }))).toMatchObject({ code: 'engine-failed', message: expect.stringContaining('manifest for fail:1 not found') })
      expect(await refusal(call(tool(dockerList), { session: 'other' }))).toMatchObject({ code: 'forbidden-session' })
      expect(() => tool(dockerRun).parameters.parse({ image: '--privileged', ttl: 5 })).toThrow()
    })

    it('end when their time is over', async () => {
      await call(tool(dockerRun), { image: 'docker.io/library/alpine:3', ttl: 1, name: 'short' })
      while (docker.running().includes('agenticos-demo.short')) await new Promise((resolve) => setTimeout(resolve, 20))
      expect(docker.running()).toContain('agenticos-demo.twice')
    })
  })
})

describe('an executor that is lost', () => {
  it('fails its errand when its lease is over, and a late outcome is not taken', async () => {
    const [row] = await bed.database.query<{ id: string }>(
      `insert into runtime.errands (id, session, kind, request, state, executor, lease, lease_until, until)
       values (gen_random_uuid(), 'demo', 'http', '{}', 'leased', 'x', gen_random_uuid(), now() - interval '1 second', now() + interval '1 minute') returning id`)
    expect(await collectErrand(bed.database, row!.id)).toMatchObject({ state: 'lost', executor: 'x', outcome: null })
    expect(await left()).toEqual([])
  })
})

