import { beforeAll, describe, expect, it } from 'vitest'
import { API } from '../../../protocol/api.js'
import { ProblemError } from '../../../protocol/client.js'
import { testApi, type TestApi } from '../../support/api.js'
import { applyNets, demoNet } from '../../support/applied.js'

let api: TestApi
beforeAll(async () => {
  api = await testApi()
  await applyNets(api.db, 'demo', [demoNet('mail'), demoNet('post')])
  await applyNets(api.db, 'other', [demoNet('mail')])
})

describe('reading what is applied', () => {
  it('lists sessions with their conditions', async () => {
    const { items } = await api.client.call(API.listSessions)
    expect(items.map((item) => [item.name, item.nets, item.ready, item.state])).toEqual([['demo', 2, true, 'running'], ['other', 1, true, 'running']])
    expect(items[0]!.conditions.map((one) => one.type)).toEqual(['Ready', 'Healthy'])
  })

  it('lists nets of one session and of all, page by page', async () => {
    const all = await api.client.call(API.listNets)
    expect(all.items.map((item) => `${item.session}/${item.name}`)).toEqual(['demo/mail', 'demo/post', 'other/mail'])
    const first = await api.client.call(API.listNets, { query: { limit: 2 } })
    expect(first.items).toHaveLength(2)
    const second = await api.client.call(API.listNets, { query: { limit: 2, cursor: first.next } })
    expect(second.items.map((item) => `${item.session}/${item.name}`)).toEqual(['other/mail'])
    expect(second.next).toBeUndefined()
    const one = await api.client.call(API.listNets, { query: { session: 'other' } })
    expect(one.items.map((item) => item.places)).toEqual([4])
  })

  it('shows one net with its definition', async () => {
    const net = await api.client.call(API.getNet, { params: { session: 'demo', net: 'mail' } })
    expect(net.definition).toMatchObject({ name: 'mail', places: { inbox: { category: 'task' } } })
  })

  it('lists places and transitions', async () => {
    const places = await api.client.call(API.listPlaces, { params: { session: 'demo' }, query: { net: 'mail' } })
    expect(places.items.map((item) => item.name)).toEqual(['away', 'done', 'inbox', 'small'])
    const transitions = await api.client.call(API.listTransitions, { params: { session: 'demo' } })
    expect(transitions.items.map((item) => `${item.net}/${item.name}`)).toEqual(['mail/move', 'post/move'])
  })

  it('names the nearest when there is none of the name', async () => {
    const failed = await api.client.call(API.getNet, { params: { session: 'demo', net: 'mial' } }).catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(ProblemError)
    expect((failed as ProblemError).problem).toMatchObject({ status: 404, code: 'not-found', detail: 'there is no net demo/mial' })
    expect((failed as ProblemError).problem.remedy).toContain('did you mean demo/mail?')
  })

  it('answers on everything that lists, though nothing is there', async () => {
    const params = { session: 'demo' }
    expect((await api.client.call(API.listFirings, { params })).items).toEqual([])
    expect((await api.client.call(API.listEffects)).items).toEqual([])
    expect((await api.client.call(API.listExecutors)).items).toEqual([])
    expect((await api.client.call(API.listDead, { params })).items).toEqual([])
    expect((await api.client.call(API.listPoison, { params })).items).toEqual([])
    expect((await api.client.call(API.listEvents, { params })).items).toEqual([])
    expect((await api.client.call(API.listProposals)).items).toEqual([])
    expect((await api.client.call(API.listRevisions)).items).toEqual([])
    expect((await api.client.call(API.listScratch)).items).toEqual([])
    expect((await api.client.call(API.cost)).items).toEqual([])
    expect((await api.client.call(API.replay, { params })).places).toEqual([])
    expect(await api.client.call(API.verify, { params })).toMatchObject({ ok: true, tokens: 0 })
    expect(await api.client.call(API.status)).toMatchObject({ sessions: 2, nets: 3, proposals: 0 })
    expect((await api.client.call(API.listTokens, { params: { session: 'demo', net: 'mail', place: 'inbox' } })).items).toEqual([])
    expect((await api.client.call(API.listTokens, { params: { session: 'demo', net: 'mail', place: '_failed' } })).items).toEqual([])
  })

  it('tells its health, its metrics and its own description', async () => {
    expect((await fetch(`${api.url}/livez`)).status).toBe(200)
    expect((await fetch(`${api.url}/readyz`)).status).toBe(200)
    expect((await fetch(`${api.url}/metrics`)).status).toBe(401)
    const metrics = await fetch(`${api.url}/metrics`, { headers: { authorization: `Bearer ${api.admin}` } })
    expect(await metrics.text()).toContain('agenticos_http_requests_total')
    const openapi = (await (await fetch(`${api.url}/openapi.json`)).json()) as { paths: Record<string, Record<string, unknown>> }
    for (const [name, route] of Object.entries(API)) {
      const path = openapi.paths[route.path.replace(/:([a-z]+)/gi, '{$1}')]!
      expect(path[route.method.toLowerCase()]).toMatchObject({ operationId: name, summary: route.title })
    }
    const docs = await fetch(`${api.url}/docs`)
    const page = await docs.text()
    for (const route of Object.values(API)) expect(page).toContain(route.path)
    expect(page).not.toMatch(/(src|href)="https?:/)
  })
})
