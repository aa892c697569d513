import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { mint } from '../../../../controller/api/secret.js'
import { createAccess } from '../../../../controller/store/access/create.js'
import type { Role } from '../../../../tools/role.js'
import { leasedAgent } from '../../../support/capability.js'
import { mcpByHttp, mcpByRelay, mcpCall } from '../../../support/mcp-client.js'
import { HARMLESS, MATRIX, MATRIX_ROLES, walkMatrix } from '../../../support/role-matrix.js'
import { toolBed, type ToolBed } from '../../../support/tool-bed.js'

const NET = `apiVersion: agenticos.dev/v1
kind: Net
metadata: {name: n}
places: {hits: {category: task}}
transitions:
  agent: {kind: agent, do: {prompt: Look.}, budget: {usd: 1, per: day}, schedule: {every: 365d}, out: {hits: {emit: tools}}}
`
let bed: ToolBed
beforeAll(async () => {
  bed = await toolBed({ 'nets/demo/n.yaml': NET })
})

const capability = async (role: Role): Promise<string> => (await leasedAgent(bed.api.db, { session: 'demo', role })).token
const access = async (role: Role): Promise<string> => {
  const { id, token, hash } = mint()
  await createAccess(bed.api.db, { id, hash, kind: 'api', name: 'somebody', scopes: ['read'], sessions: ['demo'], expiresInDays: null, agent: false, role })
  return token
}

describe('each tool with each role by MCP', () => {
  it.each([
    ['over HTTP with a capability', mcpByHttp, capability], ['over HTTP with an access token', mcpByHttp, access], ['over agenticos mcp with an access token', mcpByRelay, access],
  ])('%s is listed and allowed as the table says, and the rest is refused by name', async (_, connect, tokenOf) => {
    const clients = new Map<Role, Client>()
    for (const role of MATRIX_ROLES) clients.set(role, await connect(bed.api.url, await tokenOf(role)))
    for (const [role, client] of clients) expect((await client.listTools()).tools.map((tool) => tool.name).sort()).toEqual([...MATRIX[role]].sort())
    await walkMatrix(async (role, tool) => {
      const { isError, value } = await mcpCall(clients.get(role)!, tool, HARMLESS)
      return isError ? value.code : 'allowed'
    })
    await Promise.all([...clients.values()].map((client) => client.close()))
  })
})
