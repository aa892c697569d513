import { request } from 'node:http'
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { offered } from '../../../../tools/catalog.js'
import { leasedAgent } from '../../../support/capability.js'
import { mcpByHttp, mcpByStdio, mcpCall } from '../../../support/mcp-client.js'
import { toolBed } from '../../../support/tool-bed.js'

const NET = `apiVersion: agenticos.dev/v1
kind: Net
metadata: {name: mail}
places:
  inbox: {category: task}
  outbox: {category: task}
transitions:
  send: {kind: map, do: {template: {text: '\${letter.text}'}}, in: {letter: inbox}, out: {outbox: {}}}
`
const bed = await toolBed({ 'nets/demo/mail.yaml': NET, 'nets/other/mail.yaml': NET })
const { url } = bed.api
const reader = await bed.api.token(['read'], ['demo'])

const ways = [['streamable HTTP', mcpByHttp], ['agenticos mcp on stdio', mcpByStdio]] as const

describe.each(ways)('an unrelated client over %s', (_, connect) => {
  let client: Client
  beforeAll(async () => {
    client = await connect(url, reader)
  })
  afterAll(() => client.close())

  it('is told who it is, and offered what its role allows', async () => {
    expect(client.getServerVersion()).toMatchObject({ name: 'agenticos' })
    expect(client.getInstructions()).toContain('with the role r---l in session demo')
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(offered('rl').map(({ name }) => name))
    const query = tools.find(({ name }) => name === 'QUERY_TOKENS')!
    expect(query).toMatchObject({ inputSchema: { type: 'object', required: ['place'], additionalProperties: false }, annotations: { readOnlyHint: true } })
  })

  it('calls what its token may, and is refused the rest, by name too', async () => {
    expect(await mcpCall(client, 'QUERY_TOKENS', { place: 'mail/inbox' })).toMatchObject({ isError: false, value: { scope: 'demo/mail/inbox', tokens: [] } })
    expect(await mcpCall(client, 'CREATE_TOKEN', { place: 'mail/inbox', data: { text: 'x' } })).toMatchObject({ isError: true, value: { code: 'forbidden-tool', remedy: expect.any(String) } })
    expect(await mcpCall(client, 'QUERY_TOKENS', { place: 'other/mail/inbox' })).toMatchObject({ isError: true, value: { code: 'forbidden-session' } })
    expect(await mcpCall(client, 'QUERY_TOKEN', { place: 'mail/inbox' })).toMatchObject({ isError: true, value: { code: 'not-found', remedy: expect.stringContaining('QUERY_TOKENS') } })
    expect(await mcpCall(client, 'QUERY_TOKENS', { place: 'mail/inbox', wheer: 'x' })).toMatchObject({ isError: true, value: { code: 'bad-parameters' } })
    await bed.eventsOnce('demo', (event) => event.type === 'tool.refused' && event.tool === 'CREATE_TOKEN' && event.code === 'forbidden-tool')
  })

  it('reads nets as resources, of its own sessions alone', async () => {
    expect((await client.listResources()).resources.map(({ uri }) => uri)).toEqual(['agenticos://demo/mail'])
    expect((await client.listResourceTemplates()).resourceTemplates).toHaveLength(1)
    const { contents } = await client.readResource({ uri: 'agenticos://demo/mail' })
    expect(JSON.stringify(contents)).toContain('outbox')
    await expect(client.readResource({ uri: 'agenticos://other/mail' })).rejects.toThrow('forbidden-session')
    await expect(client.readResource({ uri: 'file:///etc/passwd' })).rejects.toThrow('agenticos://SESSION/NET')
  })

  it('with a token that may, writes', async () => {
    const writer = await connect(url, await bed.api.token(['read', 'put', 'propose'], ['demo']))
    const { isError, value } = await mcpCall(writer, 'CREATE_TOKEN', { place: 'demo/mail/inbox', data: { text: 'hello' } })
    expect({ isError, value }).toMatchObject({ isError: false })
    const seen = await mcpCall(writer, 'QUERY_TOKENS', { place: 'mail/outbox', wait: 20 })
    await writer.close()
    expect(seen.value.tokens.at(-1)).toMatchObject({ data: { text: 'hello' } })
  })

  it('with a token that nobody gave, gets nowhere', async () => {
    await expect(connect(url, 'ant_abc_0123456789012345678901')).rejects.toThrow('not known here')
  })
})

describe('/mcp', () => {
  it('takes the capability of an agent’s firing, with its role, while it is good', async () => {
    const { token } = await leasedAgent(bed.api.db, { session: 'demo', net: 'mail', transition: 'send', role: 'rw' })
    const agent = await mcpByHttp(url, token)
    expect((await agent.listTools()).tools.map(({ name }) => name)).toEqual(offered('rw').map(({ name }) => name))
    expect(await mcpCall(agent, 'FIRE_ONCE', { transition: 'send' })).toMatchObject({ isError: true, value: { code: 'forbidden-tool' } })
    await bed.api.db.query(`update runtime.effects set state = 'settled', lease = null where state = 'leased'`)
    await expect(mcpCall(agent, 'LIST_PLACES')).rejects.toThrow('is over')
    await agent.close()
  })

  it('answers no page of another site, and no name that is not its own', async () => {
    const ask = (headers: Record<string, string>, method = 'POST') => new Promise<{ status: number, body: string, headers: object }>((resolve, reject) => {
      const sent = request(`${url}/mcp`, { method, headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', authorization: `Bearer ${reader}`, ...headers } }, (answer) => {
        let body = ''
        answer.setEncoding('utf8').on('data', (text: string) => { body += text }).on('end', () => resolve({ status: answer.statusCode!, body, headers: answer.headers }))
      })
      sent.on('error', reject)
      sent.end(method === 'POST' ? JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }) : undefined)
    })
    const { host } = new URL(url)
    const good = await ask({ host, origin: 'http://localhost:3000' })
    expect(good.status).toBe(200)
    expect(Object.keys(good.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    expect((await ask({ host: 'controller.evil.example' })).status).toBe(403)
    expect((await ask({ host, origin: 'https://evil.example' })).status).toBe(403)
    expect((await ask({ host, origin: 'null' })).status).toBe(403)
    expect((await ask({ host: '10.1.2.3:7420' })).status).toBe(200)
    expect((await ask({ host }, 'GET')).status).toBe(405)
    expect((await ask({ host }, 'DELETE')).status).toBe(405)
    expect((await ask({ host, authorization: '' })).status).toBe(401)
  })

  it('ends a call whose client hung up', async () => {
    const gone = new AbortController()
    const arrived = new Promise((resolve) => bed.api.app.server.once('request', resolve))
    const calling = fetch(`${url}/mcp`, {
      method: 'POST', signal: gone.signal, headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', authorization: `Bearer ${reader}` },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'QUERY_TOKENS', arguments: { place: 'mail/inbox', wait: 59 } } }),
    })
    await arrived
    gone.abort()
    await expect(calling).rejects.toThrow()
    const events = await bed.eventsOnce('demo', (event) => event.type === 'tool.called' && event.input?.wait === 59)
    expect(events.find((event) => event.input?.wait === 59).durationMs).toBeLessThan(59_000)
  })
})
