import { beforeAll, describe, expect, it } from 'vitest'
import { API } from '../../../../protocol/api.js'
import { leasedAgent } from '../../../support/capability.js'
import { net, session } from '../../../support/forge.js'
import { toolBed, type Said, type ToolBed } from '../../../support/tool-bed.js'

const POLICY = `apiVersion: agenticos.dev/v1
kind: Policy
agents:
  - {sessions: [free], role: rwxhl, merge: [free/own, free/guarded]}
  - {sessions: [demo, away], role: rwxhl}
approvals:
  - {paths: [nets/free/guarded.yaml], by: [ada]}
`
let bed: ToolBed
beforeAll(async () => {
  bed = await toolBed({
    'policy.yaml': POLICY, 'nets/demo/session.yaml': session('demo'), 'nets/demo/sort.yaml': `# sorts by size\n${net('sort')}`, 'nets/away/sort.yaml': net('sort'),
    'nets/free/own.yaml': net('own'), 'nets/free/guarded.yaml': net('guarded'), 'nets/free/other.yaml': net('other'),
  })
})

let talks = 0
const agent = async (role = 'rw', more: object = {}) => {
  const correlation = `talk-${++talks}`
  const { token, firing } = await leasedAgent(bed.api.db, { session: 'demo', net: 'sort', transition: 'note', role, correlation, ...more })
  return { token, firing, correlation, call: (name: string, input: object = {}): Promise<Said> => bed.call(token, name, input as never) }
}
const ok = async (said: Promise<Said>): Promise<any> => {
  const { status, body } = await said
  expect(body).not.toHaveProperty('code')
  expect(status).toBe(200)
  return body
}
/** a whole small net, call by call */
const design = async (call: (name: string, input: object) => Promise<Said>, name: string): Promise<any> => {
  await ok(call('CREATE_NET', { net: name, title: 'Echoes' }))
  await ok(call('CREATE_PLACE', { net: name, place: 'asked' }))
  await ok(call('CREATE_PLACE', { net: name, place: 'answered', category: 'learning', keep: 10 }))
  await ok(call('CREATE_TRANSITION', { net: name, transition: 'echo', kind: 'map', do: { template: { said: '${asked.text}' } } }))
  await ok(call('CREATE_ARC', { net: name, from: 'asked', to: 'echo' }))
  return await ok(call('CREATE_ARC', { net: name, from: 'echo', to: 'answered' }))
}

describe('structure tools', () => {
  it('design a net in a draft, which DONE proposes with why, prompt, agent and cost, and an event tells', async () => {
    const { call, firing, correlation } = await agent()
    expect(await design(call, 'echo')).toMatchObject({ net: 'demo/echo', branch: expect.stringMatching(/^drafts\/demo\//), changed: true, findings: [], more: 0 })
    const [draft] = (await bed.api.client.call(API.listDrafts)).items.filter((one) => one.firing === `demo/${firing}`)
    expect(draft).toMatchObject({ session: 'demo', by: expect.stringContaining('demo/sort/note'), files: ['nets/demo/echo.yaml'], errors: 0, proposal: null })

    const { done, proposal, opened, diff } = await ok(call('DONE', { summary: 'Add an echo\n\nIt answers what it is asked.' }))
    expect({ done, opened }).toEqual({ done: true, opened: true })
    expect(diff).toContain('+ net demo/echo')
    const shown = await bed.api.client.call(API.getProposal, { params: { proposal } })
    expect(shown).toMatchObject({ title: 'Add an echo', agent: true, mergeable: true, origin: { agent: 'demo/sort/note', firing, conversation: correlation, prompt: 'Do it.', usd: 0, requests: 1 } })
    expect(shown.body).toContain('It answers what it is asked.')
    await bed.eventsOnce('demo', (event) => event.type === 'proposal.opened' && event.proposal === proposal && event.firing === firing)
    expect((await bed.api.client.call(API.listProposals, { query: { state: 'open' } })).items.map((one) => one.number)).toContain(proposal)
  })

  it('go on in the next firing of the conversation, with the same draft and the same proposal', async () => {
    const first = await agent()
    await design(first.call, 'first')
    const { proposal } = await ok(first.call('DONE', { summary: 'First' }))
    const second = await agent('rw', { correlation: first.correlation })
    expect(await ok(second.call('GET_NET_STRUCTURE', { net: 'first' }))).toMatchObject({ ref: expect.stringMatching(/^drafts\//), transitions: ['echo: map, in <- asked=asked, out -> answered'] })
    await ok(second.call('CREATE_PLACE', { net: 'first', place: 'more' }))
    expect(await ok(second.call('DONE', { summary: 'And more' }))).toMatchObject({ proposal, opened: false })
    expect((await bed.api.client.call(API.getProposal, { params: { proposal } })).origin).toMatchObject({ requests: 2, firing: second.firing })
  })

  it('keep the lines that they do not change, comments too, and say the same when called again', async () => {
    const { call } = await agent()
    const change = { net: 'sort', transition: 'large', patch: { title: 'Large ones' } }
    expect(await ok(call('SET_INSCRIPTION', change))).toMatchObject({ changed: true })
    expect(await ok(call('SET_INSCRIPTION', change))).toMatchObject({ changed: false })
    const { yaml } = await ok(call('GET_NET_STRUCTURE', { net: 'sort' }))
    const before: string = (await ok(call('GET_NET_STRUCTURE', { net: 'sort', ref: 'running' }))).yaml
    expect(before.split('\n').filter((line) => !(yaml as string).split('\n').includes(line))).toEqual([])
    expect(yaml).toContain('# sorts by size')
  })

  it('let a draft be unfinished, say so, and send it back instead of proposing it', async () => {
    const { call } = await agent()
    await ok(call('CREATE_NET', { net: 'half' }))
    const { findings } = await ok(call('CREATE_TRANSITION', { net: 'half', transition: 'fetch', kind: 'http' }))
    expect(findings[0]).toMatchObject({ level: 'error', code: 'missing-key', remedy: expect.stringContaining('do') })
    const { status, body } = await call('DONE', { summary: 'Half a net' })
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'draft-has-errors' })
    expect(body.details.findings[0]).toMatchObject({ code: 'missing-key', level: 'error' })
    await ok(call('DELETE_NET', { net: 'half' }))
    expect(await ok(call('DONE', { summary: 'Nothing then' }))).toMatchObject({ proposal: null })
  })

  it('delete what they made, and refuse with the arcs that are in the way', async () => {
    const { call } = await agent()
    await design(call, 'gone')
    const { body } = await call('DELETE_PLACE', { net: 'gone', place: 'asked' })
    expect(body).toMatchObject({ code: 'has-arcs', detail: expect.stringContaining('asked -> echo (asked)') })
    expect(await ok(call('DELETE_ARC', { net: 'gone', from: 'echo', to: 'answered' }))).toMatchObject({ deleted: ['echo -> answered'] })
    await ok(call('DELETE_PLACE', { net: 'gone', place: 'asked', arcs: true }))
    await ok(call('DELETE_TRANSITION', { net: 'gone', transition: 'echo' }))
    expect(await ok(call('GET_NET_STRUCTURE', { net: 'gone' }))).toMatchObject({ places: ['answered: learning'], transitions: [] })
  })

  it('find what is wrong and repair the safe part', async () => {
    const { call } = await agent()
    await design(call, 'ill')
    await ok(call('CREATE_NET', { net: 'ill', params: { limit: 3 } }))
    await ok(call('SET_INSCRIPTION', { net: 'ill', transition: 'echo', patch: { timeout: '5s', out: { archive: {} } } }))
    expect((await ok(call('NET_DOCTOR', { net: 'ill' }))).findings.map((one: any) => one.code)).toEqual(expect.arrayContaining(['dangling-arc', 'unused-param', 'idle-key']))
    const mended = await ok(call('NET_DOCTOR', { net: 'ill', fix: true }))
    expect(mended.fixed.map((one: any) => one.code).sort()).toEqual(['dangling-arc', 'idle-key', 'unused-param'])
    expect(mended.findings.filter((one: any) => one.level === 'error')).toEqual([])
  })

  it('stay in the sessions that policy lets the agent reach, and touch nothing but nets', async () => {
    const { call } = await agent('rwx')
    for (const [name, input] of [['CREATE_NET', { net: 'away/mine' }], ['DELETE_NET', { net: 'away/sort' }], ['GET_NET_STRUCTURE', { net: 'away/sort' }], ['VERIFY_NET', { net: 'away/sort' }], ['EXPORT_PNML', { net: 'away/sort', ref: 'running' }], ['DEPLOY_TRANSITION', { net: 'away/sort' }], ['NET_DOCTOR', { net: 'away/sort', fix: true }], ['VERIFY_INSCRIPTION', { net: 'away/sort', inscription: { kind: 'pass' } }]] as const)
      expect({ name, code: (await call(name, input)).body.code }).toEqual({ name, code: 'forbidden-session' })
    expect((await call('CREATE_NET', { net: 'demo/../../policy' })).body.code).toBe('bad-parameters')
    expect((await call('CREATE_NET', { net: 'session' })).body.code).toBe('bad-name')
  })

  it('are not there for a role without w', async () => {
    const { call } = await agent('r')
    expect((await call('CREATE_NET', { net: 'no' })).body.code).toBe('forbidden-tool')
    expect(await ok(call('DONE', { summary: 'Looked around' }))).toMatchObject({ done: true, proposal: null })
  })
})

describe('reading structure', () => {
  it('shows a net as it runs, as drafted and as it was at a commit', async () => {
    const { call } = await agent()
    const commit = await bed.api.forge.main()
    await ok(call('CREATE_PLACE', { net: 'sort', place: 'new' }))
    expect((await ok(call('GET_NET_STRUCTURE', { net: 'sort' }))).places).toContain('new: task')
    for (const ref of ['running', commit]) expect((await ok(call('GET_NET_STRUCTURE', { net: 'sort', ref }))).places).not.toContain('new: task')
    expect((await call('GET_NET_STRUCTURE', { net: 'sortt' })).body).toMatchObject({ code: 'not-found', remedy: expect.stringContaining('sort') })
  })

  it('verifies a net, with what stays constant in it', async () => {
    const { call } = await agent('r')
    const { valid, behaviour } = await ok(call('VERIFY_NET', { net: 'sort', ref: 'running', behaviour: true }))
    expect(valid).toBe(true)
    expect(behaviour.constant).toEqual(['sort/todo + sort/big + sort/small + sort/seen'])
  })

  it('exports PNML that reads back', async () => {
    const { call } = await agent('r')
    expect((await ok(call('EXPORT_PNML', { net: 'sort' }))).pnml).toMatch(/^<\?xml[^]*<pnml/)
  })

  it('verifies an inscription that stands, and one that does not yet', async () => {
    const { call, firing } = await agent('r')
    expect(await ok(call('VERIFY_INSCRIPTION', { transition: 'sort/large' }))).toMatchObject({ scope: 'demo/sort/large', valid: true })
    const bad = await ok(call('VERIFY_INSCRIPTION', { net: 'sort', inscription: { kind: 'map', in: { job: 'todo' }, do: { template: '${nobody.size}' }, out: { big: {} } } }))
    expect(bad).toMatchObject({ valid: false, findings: expect.arrayContaining([expect.objectContaining({ code: 'unbound-variable' })]) })
    expect(await ok(call('VERIFY_INSCRIPTION', { net: 'sort', inscription: { kind: 'http', in: { job: 'todo' } } }))).toMatchObject({ valid: false, findings: [{ code: 'missing-key' }] })
    expect((await bed.api.client.call(API.listDrafts)).items.filter((one) => one.firing === `demo/${firing}`)).toEqual([])
  })
})

describe('DEPLOY_TRANSITION', () => {
  const free = (role = 'rwx') => agent(role, { session: 'free', net: 'own' })
  const change = { transition: 'large', patch: { title: 'Larger' } }

  it('merges a draft of a net that policy lets agents of the session merge', async () => {
    const { call } = await free()
    await ok(call('SET_INSCRIPTION', { net: 'own', ...change }))
    const answer = await ok(call('DEPLOY_TRANSITION', { transition: 'own/large', summary: 'A title' }))
    expect(answer).toMatchObject({ scope: 'free/own/large', merged: true, commit: expect.stringMatching(/^[0-9a-f]{40}$/) })
    await bed.until('it runs', async () => (await bed.api.client.call(API.status)).repository.applied === answer.commit)
    expect((await bed.api.forge.commit(answer.commit)).author).toContain('free/own/note')
    expect(await ok(call('DEPLOY_TRANSITION', { net: 'own' }))).toMatchObject({ merged: false, proposal: null })
  })

  it.each([
    ['another net of the session', 'other', /does not let agents of free merge free\/other/],
    ['a net for which a person must approve', 'guarded', /needs an approval by ada/],
  ])('proposes %s, and says who is awaited', async (_, name, reason) => {
    const { call } = await free()
    await ok(call('SET_INSCRIPTION', { net: name, ...change }))
    const answer = await ok(call('DEPLOY_TRANSITION', { net: name }))
    expect(answer).toMatchObject({ merged: false, commit: null, proposal: expect.any(Number), reason: expect.stringMatching(reason) })
    expect((await bed.api.client.call(API.getProposal, { params: { proposal: answer.proposal } })).state).toBe('open')
  })

  it('is not there for a role without x, whatever policy says', async () => {
    const { call } = await free('rw')
    expect((await call('DEPLOY_TRANSITION', { net: 'own' })).body.code).toBe('forbidden-tool')
  })

  it('merges for a person whose token may, and for no other', async () => {
    for (const [scopes, merged] of [[['read', 'put', 'propose', 'operate'], false], [['read', 'put', 'propose', 'operate', 'merge'], true]] as const) {
      const token = await bed.api.token(scopes)
      await ok(bed.call(token, 'CREATE_PLACE', { net: 'demo/sort', place: `by-person-${merged}` }))
      expect(await ok(bed.call(token, 'DEPLOY_TRANSITION', { net: 'demo/sort', summary: 'A place' }))).toMatchObject({ merged })
    }
  })

  it('sends a draft with errors back', async () => {
    const { call } = await free()
    await ok(call('SET_INSCRIPTION', { net: 'own', transition: 'large', patch: { out: { nowhere: {} } } }))
    expect((await call('DEPLOY_TRANSITION', { net: 'own' })).body.code).toBe('draft-has-errors')
  })
})

describe('drafts', () => {
  it('are shown to those who may see every session that they touch', async () => {
    const { call, firing } = await agent()
    await design(call, 'seen')
    const seen = async (sessions: string[]) => (await bed.api.as(await bed.api.token(['read'], sessions)).call(API.listDrafts)).items.some((one) => one.firing === `demo/${firing}`)
    expect([await seen(['demo']), await seen(['*']), await seen(['away'])]).toEqual([true, true, false])
    const all = (await bed.api.client.call(API.listDrafts)).items.map((one) => one.branch)
    const first = await bed.api.client.call(API.listDrafts, { query: { limit: 1 } })
    const rest = await bed.api.client.call(API.listDrafts, { query: { limit: 1000, cursor: first.next } })
    expect([...first.items, ...rest.items].map((one) => one.branch)).toEqual(all)
  })

  it('are compared with main by their branch', async () => {
    const { call } = await agent()
    const { branch } = await design(call, 'compared')
    expect((await bed.api.client.call(API.compare, { query: { head: branch } })).plan).toMatchObject({ nets: [{ net: 'compared', verb: 'add' }] })
  })

  it('lose nothing when ten calls of one agent edit at once', async () => {
    const { call } = await agent()
    await ok(call('CREATE_NET', { net: 'wide' }))
    await Promise.all(Array.from({ length: 10 }, (_, at) => ok(call('CREATE_PLACE', { net: 'wide', place: `p${at}` }))))
    expect((await ok(call('GET_NET_STRUCTURE', { net: 'wide' }))).places).toHaveLength(10)
  })
})
