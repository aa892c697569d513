import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, it } from 'vitest'
import { fakeDocker } from '../support/fake-docker.js'
import { mcpByHttp, mcpCall } from '../support/mcp-client.js'
import { startWhole } from '../support/whole.js'

const SECRET = 'hush-0815-for-one-host-alone'
const seen: (string | undefined)[] = []
const site = createServer((request, response) => {
  seen.push(request.headers.authorization)
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ you: request.headers.authorization }))
})
await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
afterAll(() => void site.close())
const url = `http://127.0.0.1:${(site.address() as AddressInfo).port}`

it('HTTP_CALL and containers work from an MCP client to an executor and back, and the key is found nowhere', async () => {
  const docker = fakeDocker()
  const whole = await startWhole({ 'nets/demo/n.yaml': 'apiVersion: agenticos.dev/v1\nkind: Net\nmetadata: {name: n}\nplaces: {p: {category: task}}\n' })
  await whole.executor({
    AGENTICOS_EGRESS_ALLOW: url, AGENTICOS_CREDENTIALS: 'SITE_KEY@127.0.0.1', SITE_KEY: SECRET, AGENTICOS_EXECUTOR_IMAGES: 'alpine:*', AGENTICOS_EXECUTOR_PATH: docker.path,
  })
  const client = await mcpByHttp(whole.url, await whole.token(['admin'], ['demo']))
  const called = await mcpCall(client, 'HTTP_CALL', { method: 'GET', url, credential: 'env:SITE_KEY' })
  expect(called).toMatchObject({ isError: false, value: { status: 200, json: { you: 'Bearer ***' } } })
  expect(seen).toEqual([`Bearer ${SECRET}`])
  expect(await mcpCall(client, 'DOCKER_RUN', { image: 'alpine:3', ttl: 60, name: 'one', session: 'demo' })).toMatchObject({ isError: false, value: { name: 'one', state: 'running' } })
  expect(await mcpCall(client, 'DOCKER_LIST')).toMatchObject({ value: { containers: [{ name: 'one' }] } })
  expect(await mcpCall(client, 'DOCKER_LIST', { session: 'other' })).toMatchObject({ isError: true, value: { code: 'forbidden-session' } })

  await whole.until('the calls are events', async () => (await whole.events('demo')).filter((event) => event.type === 'tool.called').length >= 3)
  const tables = await whole.db.query<{ name: string }>(`select table_schema || '.' || table_name as name from information_schema.tables where table_schema in ('runtime', 'design')`)
  for (const { name } of tables) expect([name, JSON.stringify(await whole.db.query(`select * from ${name}`)).includes(SECRET)]).toEqual([name, false])
  expect(JSON.stringify(await whole.events('demo'))).not.toContain(SECRET)
  await client.close()
})
