import { beforeAll, describe, expect, it } from 'vitest'
import { API, ROUTES } from '../../../protocol/api.js'
import { SCOPES, type Route, type Scope } from '../../../protocol/api/route.js'
import { ProblemError } from '../../../protocol/client.js'
import { mint } from '../../../controller/api/secret.js'
import { createAccess } from '../../../controller/store/access/create.js'
import { revokeAccess } from '../../../controller/store/access/revoke.js'
import { testApi, type TestApi } from '../../support/api.js'
import { applyNets, demoNet } from '../../support/applied.js'

let api: TestApi
beforeAll(async () => {
  api = await testApi()
  await applyNets(api.db, 'demo', [demoNet()])
  await applyNets(api.db, 'other', [demoNet()])
})

// Names that are nowhere: a request that is let through then changes nothing.
const SAMPLE: Record<string, string> = {
  session: 'nowhere', net: 'nowhere', place: 'nowhere', transition: 'nowhere', executor: 'nowhere', token: '1-0', firing: '1', proposal: '999', key: 'k', id: 'nobody', scratch: 'nowhere', tool: 'NOWHERE',
}
const BODIES: Record<string, unknown> = {
  putToken: { data: 1 }, putTokens: [1], moveTokens: { tokens: ['1-0'], to: 'a/b' }, removeTokens: { tokens: ['1-0'] }, decideDead: { verb: 'drop' }, fire: {},
  lifecycle: { target: 'nowhere', state: 'running' }, reconcile: {}, plan: { files: [] }, openProposal: { title: 't', branch: 'no-such-branch' },
  commentProposal: { comment: 'c' }, approveProposal: {}, mergeProposal: {}, closeProposal: {}, revertProposal: {}, putScratch: { files: [] },
  createAccess: { name: 'x', scopes: [] }, callTool: {},
}
const QUERIES: Record<string, string> = { compare: '?head=0000000' }

async function ask(name: string, route: Route, token: string | undefined): Promise<number> {
  const path = route.path.replace(/:([a-z]+)/gi, (_, param: string) => SAMPLE[param]!)
  const stop = new AbortController()
  const answer = await fetch(api.url + path + (QUERIES[name] ?? ''), {
    method: route.method, signal: stop.signal,
    headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...(route.method === 'POST' ? { 'content-type': 'application/json' } : {}) },
    ...(route.method === 'POST' ? { body: JSON.stringify(BODIES[name]) } : {}),
  })
  stop.abort()
  return answer.status
}

describe('who may do what', () => {
  it('lets each route be used with its scope or admin, and with no other', async () => {
    const tokens = new Map<Scope, string>()
    for (const scope of SCOPES) tokens.set(scope, await api.token([scope]))
    for (const [name, route] of ROUTES) {
      expect([name, await ask(name, route, undefined)]).toEqual([name, 401])
      for (const scope of SCOPES) {
        const status = await ask(name, route, tokens.get(scope))
        const allowed = scope === route.scope || scope === 'admin'
        expect([name, scope, status === 403 || status === 401]).toEqual([name, scope, !allowed])
        expect([name, scope, status < 500]).toEqual([name, scope, true])
      }
    }
  })

  it('says why a token is not taken, and how to send one', async () => {
    const expired = await api.token(['read'], ['*'], -1)
    const made = mint()
    await createAccess(api.db, { id: made.id, hash: made.hash, kind: 'api', name: 'gone', scopes: ['read'], sessions: ['*'], expiresInDays: null })
    await revokeAccess(api.db, made.id)
    const wrongSecret = `${api.admin.slice(0, -4)}AAAA`
    for (const [token, why] of [[expired, 'has expired'], [made.token, 'was revoked'], [wrongSecret, 'is not known'], ['ant_x', 'is not known'], ['\u00e9'.normalize('NFD').slice(0, 1), 'is not known']] as const) {
      const answer = await fetch(`${api.url}/v1/status`, { headers: { authorization: `Bearer ${token}` } })
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toContain('Bearer')
      const problem = (await answer.json()) as { code: string; detail: string; remedy: string }
      expect(problem.code).toBe('unauthenticated')
      expect(problem.detail).toContain(why)
      expect(problem.remedy).toContain('Authorization: Bearer')
    }
  })

  it('takes no executor or bootstrap token for an api token', async () => {
    for (const kind of ['executor', 'bootstrap'] as const) {
      const made = mint()
      await createAccess(api.db, { id: made.id, hash: made.hash, kind, name: kind, scopes: ['admin'], sessions: ['*'], expiresInDays: null })
      expect((await fetch(`${api.url}/v1/status`, { headers: { authorization: `Bearer ${made.token}` } })).status).toBe(403)
    }
  })

  it('keeps a token inside its sessions', async () => {
    const some = api.as(await api.token(['read', 'put', 'operate'], ['de*']))
    expect((await some.call(API.listSessions)).items.map((item) => item.name)).toEqual(['demo'])
    expect((await some.call(API.listNets)).items.map((item) => item.session)).toEqual(['demo'])
    expect((await some.call(API.listPlaces, { params: { session: 'demo' } })).items).toHaveLength(4)
    const refused = async (call: Promise<unknown>) => expect(await call.then(() => 0, (error: unknown) => (error as ProblemError).problem.status)).toBe(403)
    await refused(some.call(API.listPlaces, { params: { session: 'other' } }))
    await refused(some.call(API.listNets, { query: { session: 'other' } }))
    await refused(some.call(API.putToken, { params: { session: 'other', net: 'mail', place: 'inbox' }, body: { data: {} } }))
    await refused(some.call(API.lifecycle, { body: { target: 'other', state: 'stopped' } }))
    await refused(some.call(API.lifecycle, { body: { target: '*', state: 'stopped' } }))
    await refused(some.call(API.listProposals))
    await refused(some.call(API.plan, { body: { files: [] } }))
    const admin = api.as(await api.token(['admin'], ['demo']))
    await refused(admin.call(API.createAccess, { body: { name: 'wider', scopes: ['admin'] } }))
    await refused(admin.call(API.listAccess))
    await refused(admin.call(API.revokeAccess, { params: { id: 'x' } }))
    await refused(admin.call(API.revokeExecutor, { params: { executor: 'x' } }))
    expect((await fetch(`${api.url}/git/nets.git/info/refs?service=git-upload-pack`, { headers: { authorization: `Bearer ${await api.token(['admin'], ['demo'])}` } })).status).toBe(403)
    await refused(some.call(API.cost, { query: { session: 'other' } }))
    await refused(some.call(API.listEffects, { query: { session: 'other' } }))
    expect((await some.call(API.listEffects)).items).toEqual([])
  })

  it('refuses a revoked token from the very next request', async () => {
    const { token, id } = await api.client.call(API.createAccess, { body: { name: 'ci', scopes: ['read'], expiresInDays: 1 } })
    const ci = api.as(token)
    expect(await ci.call(API.whoami)).toMatchObject({ name: 'ci', scopes: ['read'] })
    await api.client.call(API.revokeAccess, { params: { id } })
    await expect(ci.call(API.whoami)).rejects.toMatchObject({ problem: { status: 401 } })
    expect((await api.client.call(API.listAccess)).items.find((one) => one.id === id)?.revokedAt).not.toBeNull()
  })

  it('never answers with a secret or its hash, and stores only the hash', async () => {
    const { token } = await api.client.call(API.createAccess, { body: { name: 'secret', scopes: ['read'] } })
    const list = JSON.stringify(await api.client.call(API.listAccess))
    expect(list).not.toContain(token)
    expect(list).not.toContain('hash')
    const stored = JSON.stringify(await api.db.query('select * from runtime.access_tokens'))
    expect(stored).not.toContain(token.split('_')[2])
  })

  it('is open to all only where it says nothing about nets', async () => {
    for (const path of ['/livez', '/readyz', '/openapi.json', '/docs']) expect((await fetch(api.url + path)).status).toBe(200)
    for (const path of ['/metrics', '/v1/status', '/git/nets.git/info/refs?service=git-upload-pack']) expect((await fetch(api.url + path)).status).toBe(401)
  })
})
