// Every tool, every role, every entry point: allowed or refused as the table says, which stands here by hand. And what a
// capability is no longer, or never was, good for. test/controller/api/mcp walks the same table through MCP.
import { beforeAll, describe, expect, it } from 'vitest'
import { callTool } from '../../controller/api/tools/call.js'
import { callerOfPrincipal } from '../../controller/api/tools/caller.js'
import { mint } from '../../controller/api/secret.js'
import { createAccess } from '../../controller/store/access/create.js'
import { API } from '../../protocol/api.js'
import type { Scope } from '../../protocol/api/route.js'
import { offered, TOOLS } from '../../tools/catalog.js'
import type { Role } from '../../tools/role.js'
import { Refusal } from '../../tools/tool.js'
import { leasedAgent } from '../support/capability.js'
import { ALL_TOOLS, HARMLESS, MATRIX, MATRIX_ROLES, walkMatrix } from '../support/role-matrix.js'
import { apiContext, toolBed, type ToolBed } from '../support/tool-bed.js'

const NET = `apiVersion: agenticos.dev/v1
kind: Net
metadata: {name: n}
places: {hits: {category: task}}
transitions:
  agent: {kind: agent, do: {prompt: Look.}, budget: {usd: 1, per: day}, schedule: {every: 365d}, out: {hits: {emit: tools}}}
`
let bed: ToolBed
beforeAll(async () => {
  bed = await toolBed({ 'nets/demo/n.yaml': NET, 'nets/other/n.yaml': NET })
})

async function accessToken(given: { role?: Role; scopes?: readonly Scope[]; agent?: boolean; sessions?: readonly string[] }): Promise<string> {
  const { id, token, hash } = mint()
  await createAccess(bed.api.db, { id, hash, kind: 'api', name: 'somebody', scopes: given.scopes ?? ['read'], sessions: given.sessions ?? ['*'], expiresInDays: null, agent: given.agent ?? false, role: given.role ?? null })
  return token
}

const listed = async (token: string): Promise<string[]> => {
  const answer = await fetch(`${bed.api.url}/v1/tools`, { headers: { authorization: `Bearer ${token}` } })
  return ((await answer.json()) as { items: { name: string }[] }).items.map((tool) => tool.name)
}

/** What the session's log says of refusals, once there is one that fits. */
const refusals = async (session: string, holds: (event: any) => boolean): Promise<any[]> =>
  (await bed.eventsOnce(session, (event) => event.type === 'tool.refused' && holds(event))).filter((event) => event.type === 'tool.refused' && holds(event))

describe('the table', () => {
  it('has 18, 13, 10 and 1 tools, the event line, and three words', () => {
    expect([...TOOLS.keys()].sort()).toEqual([...ALL_TOOLS].sort())
    const count = (tier: string) => [...TOOLS.values()].filter((tool) => tool.tier === tier).length
    expect(['read', 'write', 'execute', 'http', 'logs', 'control'].map(count)).toEqual([18, 13, 10, 1, 1, 3])
    expect(MATRIX_ROLES.map((role) => MATRIX[role].length - 3)).toEqual([18, 31, 41, 42, 19, 32, 42, 43])
  })

  it('is what each role is offered', () => {
    for (const role of MATRIX_ROLES) expect([role, offered(role).map((tool) => tool.name).sort()]).toEqual([role, [...MATRIX[role]].sort()])
  })
})

describe('each tool with each role', () => {
  it('over HTTP with a capability', async () => {
    const tokens = new Map<Role, string>()
    for (const role of MATRIX_ROLES) tokens.set(role, (await leasedAgent(bed.api.db, { session: 'demo', role })).token)
    for (const role of MATRIX_ROLES) expect((await listed(tokens.get(role)!)).sort()).toEqual([...MATRIX[role]].sort())
    await walkMatrix(async (role, tool) => (await bed.call(tokens.get(role)!, tool, HARMLESS)).body.code)
    expect((await refusals('demo', (event) => event.tool === 'HTTP_CALL' && event.code === 'forbidden-tool')).length).toBeGreaterThan(0)
  })

  it('over HTTP with an access token', async () => {
    const tokens = new Map<Role, string>()
    for (const role of MATRIX_ROLES) tokens.set(role, await accessToken({ role }))
    for (const role of MATRIX_ROLES) expect((await listed(tokens.get(role)!)).sort()).toEqual([...MATRIX[role]].sort())
    await walkMatrix(async (role, tool) => (await bed.call(tokens.get(role)!, tool, HARMLESS)).body.code)
  })

  it('at the one point that all of them go through', async () => {
    const end = new AbortController()
    const context = apiContext(bed.api, end.signal)
    await walkMatrix(async (role, tool) => {
      const caller = callerOfPrincipal({ id: 'x', name: 'x', kind: 'api', scopes: ['read'], sessions: ['demo'], agent: false, role })
      const error = await callTool(context, caller, tool, HARMLESS, { signal: new AbortController().signal }).catch((thrown: unknown) => thrown)
      return error instanceof Refusal ? error.code : String(error)
    })
    end.abort()
  })
})

describe('an access token without a role', () => {
  it.each<[readonly Scope[], boolean, string]>([
    [['read'], false, 'rl'], [['read', 'put'], false, 'rl'], [['read', 'put', 'propose'], false, 'rwl'], [['read', 'put', 'propose', 'operate'], false, 'rwxl'], [['admin'], false, 'rwxhl'],
    [['read'], true, 'r'], [['read', 'put', 'propose'], true, 'rw'], [['admin'], true, 'rwxh'],
  ])('with the scopes %j, of an agent: %s, has the role %s', async (scopes, agent, role) => {
    const answer = await fetch(`${bed.api.url}/v1/tools`, { headers: { authorization: `Bearer ${await accessToken({ scopes, agent })}` } })
    expect((await answer.json() as { role: string }).role).toBe(role)
  })

  it('that lacks read may call none', async () => {
    expect((await bed.call(await accessToken({ scopes: ['put', 'propose', 'operate'] }), 'LIST_PLACES')).status).toBe(403)
  })

  it('is refused in sessions that it does not cover', async () => {
    const token = await accessToken({ role: 'rwx', sessions: ['demo'] })
    expect((await bed.call(token, 'LIST_PLACES', {})).body.scope).toBe('demo')
    for (const [tool, input] of [
      ['LIST_PLACES', { session: 'other' }], ['QUERY_TOKENS', { place: 'other/n/hits' }], ['CREATE_TOKEN', { place: 'other/n/hits', data: 1 }], ['STOP_TRANSITION', { session: 'other' }],
      ['CREATE_TOKEN', { place: 'n/hits', data: 1, reply: { place: 'other/n/hits', wait: 0 } }], ['DRY_RUN_TRANSITION', { transition: 'other/n/agent' }],
    ] as const) expect([tool, (await bed.call(token, tool, input)).body.code]).toEqual([tool, 'forbidden-session'])
  })
})

describe('a token that an agent holds', () => {
  it('approves and merges nothing', async () => {
    const token = await accessToken({ scopes: ['admin'], agent: true })
    const { number } = await bed.api.as(token).call(API.openProposal, { body: { title: 'By an agent', files: [{ path: 'nets/demo/new.yaml', content: NET.replace('name: n', 'name: new') }] } })
    await expect(bed.api.as(token).call(API.approveProposal, { params: { proposal: number }, body: { comment: '' } })).rejects.toMatchObject({ problem: { code: 'approval-refused' } })
    await expect(bed.api.as(token).call(API.mergeProposal, { params: { proposal: number }, body: { comment: '' } })).rejects.toMatchObject({ problem: { code: 'approval-refused' } })
  })
})

describe('a capability', () => {
  const one = { place: 'hits', data: 1 }

  it('is good while its firing is leased, and for nothing but tools', async () => {
    const { token } = await leasedAgent(bed.api.db, { session: 'demo', role: 'r' })
    expect((await bed.call(token, 'LIST_PLACES')).status).toBe(200)
    for (const path of ['/v1/status', '/v1/sessions', '/v1/sessions/demo/nets/n/places/hits/tokens', '/v1/proposals', '/git/nets.git/info/refs?service=git-upload-pack']) {
      expect([path, (await fetch(bed.api.url + path, { headers: { authorization: `Bearer ${token}` } })).status]).toEqual([path, 401])
    }
  })

  it.each<[string, string]>([
    ['settled', `state = 'settled'`], ['given to another executor', `lease = gen_random_uuid()`], ['at its next attempt', `attempt = 2`], ['run out', `lease_until = now() - interval '1 second'`],
  ])('is refused, and that is recorded, when its firing is %s', async (_, change) => {
    const { token, firing } = await leasedAgent(bed.api.db, { session: 'demo', role: 'rw', writes: [{ place: 'n/hits', category: 'task' }] })
    await bed.api.db.query(`update runtime.effects set ${change} where session = 'demo' and firing = ${firing}`)
    expect((await bed.call(token, 'CREATE_TOKEN', one, { 'x-agenticos-call': '1' })).body).toMatchObject({ status: 401, code: 'capability-refused', details: { why: 'over' } })
    expect(await refusals('demo', (event) => event.firing === firing)).toMatchObject([{ code: 'capability-refused', why: 'over', tool: 'CREATE_TOKEN', transition: 'n/agent' }])
  })

  it('is refused, and that is recorded, under a stop of its transition, net, session or everything, and when it is cancelled', async () => {
    for (const target of ['other/n/agent', 'other/n', 'other', '*']) {
      const { token, firing } = await leasedAgent(bed.api.db, { session: 'other', role: 'r' })
      await bed.api.client.call(API.lifecycle, { body: { target, state: 'stopped' } })
      expect((await bed.call(token, 'LIST_PLACES')).body).toMatchObject({ status: 401, details: { why: 'stopped' } })
      await bed.api.client.call(API.lifecycle, { body: { target, state: 'running' } })
      expect((await bed.call(token, 'LIST_PLACES')).status).toBe(200)
      expect(await refusals('other', (event) => event.firing === firing)).toMatchObject([{ why: 'stopped' }])
      await bed.api.db.query(`update runtime.effects set cancel = 'x' where session = 'other' and firing = ${firing}`)
      expect((await bed.call(token, 'LIST_PLACES')).body).toMatchObject({ status: 401, details: { why: 'stopped' } })
    }
  })

  it('is refused, and that is recorded, when it was altered or claims another role or session', async () => {
    const { token, firing } = await leasedAgent(bed.api.db, { session: 'demo', role: 'r' })
    const other = await leasedAgent(bed.api.db, { session: 'other', role: 'rwxh' })
    const swapped = `anc_${other.id}_${token.split('_')[2]!}`
    expect((await bed.call(swapped, 'LIST_PLACES')).body).toMatchObject({ status: 401, details: { why: 'altered' } })
    expect((await bed.call(token, 'LIST_PLACES', {}, { 'x-agenticos-role': 'rwxhl' })).body).toMatchObject({ status: 401, details: { why: 'claims' } })
    expect((await bed.call(token, 'LIST_PLACES', {}, { 'x-agenticos-session': 'other' })).body).toMatchObject({ status: 401, details: { why: 'claims' } })
    expect((await bed.call('anc_nobody_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'LIST_PLACES')).body).toMatchObject({ status: 401, details: { why: 'unknown' } })
    expect(await refusals('other', (event) => event.firing === other.firing)).toMatchObject([{ why: 'altered' }])
    expect((await refusals('demo', (event) => event.firing === firing && event.why === 'claims')).length).toBe(2)
  })

  it('is refused, and that is recorded, in a session that is not its own, in each place where one can be named', async () => {
    const { token, firing } = await leasedAgent(bed.api.db, { session: 'demo', role: 'rwxhl', writes: [{ place: 'n/hits', category: 'task' }] })
    const tries = [
      ['LIST_PLACES', { session: 'other' }], ['QUERY_TOKENS', { place: 'other/n/hits' }], ['GET_PLACE_INFO', { place: 'other/n/hits' }], ['GET_PLACE_CONNECTIONS', { place: 'other/n/hits' }],
      ['GET_LINKED_PLACES', { place: 'other/n/hits' }], ['FIND_SHARED_PLACES', { session: 'other' }], ['EXTRACT_TOKEN_CONTENT', { token: 'other/1-0' }], ['GET_TRANSITION', { transition: 'other/n/agent' }],
      ['LIST_ALL_INSCRIPTIONS', { session: 'other' }], ['VERIFY_INSCRIPTION', { transition: 'other/n/agent' }], ['VERIFY_RUNTIME_BINDINGS', { transition: 'other/n/agent' }],
      ['DRY_RUN_TRANSITION', { transition: 'other/n/agent' }], ['DIAGNOSE_TRANSITION', { transition: 'other/n/agent' }], ['GET_NET_STRUCTURE', { net: 'other/n' }], ['VERIFY_NET', { net: 'other/n' }],
      ['EXPORT_PNML', { net: 'other/n' }], ['LIST_SESSION_NETS', { session: 'other' }], ['CREATE_TOKEN', { place: 'other/n/hits', data: 1 }], ['DELETE_TOKEN', { token: 'other/1-0', reason: 'no' }],
      ['EMIT_MEMORY', { name: 'x', data: 1, place: 'other/n/hits' }], ['CREATE_NET', { net: 'other/x' }], ['DELETE_NET', { net: 'other/n' }], ['CREATE_PLACE', { net: 'other/n', place: 'p', category: 'task' }],
      ['DELETE_PLACE', { net: 'other/n', place: 'hits' }], ['CREATE_TRANSITION', { net: 'other/n', transition: 't', kind: 'pass' }], ['DELETE_TRANSITION', { net: 'other/n', transition: 'agent' }],
      ['CREATE_ARC', { net: 'other/n', from: 'hits', to: 'agent' }], ['DELETE_ARC', { net: 'other/n', from: 'agent', to: 'hits' }], ['SET_INSCRIPTION', { net: 'other/n', transition: 'agent', patch: {} }],
      ['NET_DOCTOR', { net: 'other/n' }], ['DEPLOY_TRANSITION', { net: 'other/n' }], ['START_TRANSITION', { session: 'other' }], ['STOP_TRANSITION', { net: 'other/n' }], ['FIRE_ONCE', { transition: 'other/n/agent' }],
      ['EXECUTE_TRANSITION', { transition: 'other/n/agent' }], ['EXECUTE_TRANSITION_SMART', { transition: 'other/n/agent' }], ['QUERY_EVENTS', { session: 'other' }],
    ] as const
    for (const [tool, input] of tries) expect([tool, (await bed.call(token, tool, input)).body.code]).toEqual([tool, 'forbidden-session'])
    const told = await bed.until('all refusals', async () => {
      const found = await refusals('demo', (event) => event.firing === firing)
      return found.length === tries.length && found
    })
    expect(new Set(told.map((event) => event.code))).toEqual(new Set(['forbidden-session']))
    expect(told.map((event) => event.tool).sort()).toEqual(tries.map(([tool]) => tool).sort())
  })

  it('of the session system reaches other sessions, and of another one those that policy.yaml says', async () => {
    const system = await leasedAgent(bed.api.db, { session: 'system', role: 'r' })
    expect((await bed.call(system.token, 'LIST_PLACES', { session: 'demo' })).body.scope).toBe('demo')
    const { token } = await leasedAgent(bed.api.db, { session: 'demo', role: 'r' })
    expect((await bed.call(token, 'LIST_PLACES', { session: 'other' })).body.code).toBe('forbidden-session')
    await bed.merge({ 'policy.yaml': 'apiVersion: agenticos.dev/v1\nkind: Policy\nagents:\n  - {sessions: [demo], reach: [other]}\n  - {sessions: [system], reach: []}\n' })
    await bed.until('the policy holds', async () => (await bed.call(token, 'LIST_PLACES', { session: 'other' })).status === 200)
    expect((await bed.call(system.token, 'LIST_PLACES', { session: 'demo' })).body.code).toBe('forbidden-session')
  })

  it('used twice for the same number is done once, and for something else refused and recorded', async () => {
    const { token, firing } = await leasedAgent(bed.api.db, { session: 'demo', role: 'rw', writes: [{ place: 'n/hits', category: 'task' }] })
    const first = await bed.call(token, 'CREATE_TOKEN', { place: 'hits', data: { twice: firing } }, { 'x-agenticos-call': '3' })
    expect((await bed.call(token, 'CREATE_TOKEN', { place: 'hits', data: { twice: firing } }, { 'x-agenticos-call': '3' })).body).toEqual(first.body)
    expect((await bed.call(token, 'CREATE_TOKEN', { place: 'hits', data: 'other' }, { 'x-agenticos-call': '3' })).body.code).toBe('call-reused')
    expect((await bed.call(token, 'QUERY_TOKENS', { place: 'hits', arcql: `$.twice == ${firing}` })).body.tokens).toHaveLength(1)
    expect(await refusals('demo', (event) => event.firing === firing)).toMatchObject([{ code: 'call-reused', call: 3 }])
  })
})
