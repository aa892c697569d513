import { beforeAll, describe, expect, it } from 'vitest'
import { API } from '../../../../protocol/api.js'
import { leasedAgent } from '../../../support/capability.js'
import { toolBed, type ToolBed } from '../../../support/tool-bed.js'

const NET = `apiVersion: agenticos.dev/v1
kind: Net
metadata: {name: n, title: A net}
places:
  lines: {category: task, title: Lines of a log, schema: {type: object, required: [text], properties: {text: {type: string}}}}
  hits: {category: task}
  full: {category: task, capacity: 1, tokens: 1}
  memory: {category: learning}
  asks: {category: task}
  answers: {category: task}
  hosts: {category: context}
  notes: {category: context, tokens: [{from: web, relation: runs on, to: host-1}]}
transitions:
  sort: {kind: map, in: {line: {from: lines, where: '$.text CONTAINS "error"'}}, do: {template: {seen: '\${line.text}'}}, out: {hits: {}}}
  push: {kind: pass, in: {h: hits}, out: {full: {}}}
  reply: {kind: pass, in: {a: asks}, out: {answers: {emit: {said: '\${a.q}'}}}}
  edge: {kind: link, do: {relation: part of}, in: {x: notes}, out: {hosts: {}}}
  agent: {kind: agent, do: {prompt: Look at it.}, in: {a: {from: memory, optional: true}}, budget: {usd: 1, per: day}, out: {hits: {emit: tools}, memory: {emit: tools}}, schedule: {every: 365d}}
`
const OTHER = NET.replace('name: n,', 'name: m,').replace('lines: {category: task,', 'far: {shares: n/hits}\n  lines: {category: task,')
let bed: ToolBed
let admin: string
beforeAll(async () => {
  bed = await toolBed({ 'nets/demo/n.yaml': NET, 'nets/demo/m.yaml': OTHER, 'nets/away/n.yaml': NET })
  admin = bed.api.admin
})
const writes = [{ place: 'n/hits', category: 'task' }, { place: 'n/memory', category: 'learning' }]
const agent = (role: string, more = {}) => leasedAgent(bed.api.db, { session: 'demo', role, writes, ...more })

describe('reading tools', () => {
  it('list places with counts, filtered and by pages', async () => {
    const { token } = await agent('r')
    const { body } = await bed.call(token, 'LIST_PLACES', { net: 'n' })
    expect(body.scope).toBe('demo/n')
    expect(body.places.find((one: any) => one.place === 'demo/n/full')).toEqual({ place: 'demo/n/full', category: 'task', tokens: 1 })
    const first = (await bed.call(token, 'LIST_PLACES', { limit: 3 })).body
    const second = (await bed.call(token, 'LIST_PLACES', { limit: 500, cursor: first.next })).body
    expect(new Set([...first.places, ...second.places].map((one: any) => one.place)).size).toBe(17)
  })

  it('query tokens by a condition or a query, show parts, and say what is cut', async () => {
    for (const text of ['calm', 'x'.repeat(5_000), 'calm again']) await bed.call(admin, 'CREATE_TOKEN', { place: 'demo/n/lines', data: { text } })
    const { body } = await bed.call(admin, 'QUERY_TOKENS', { place: 'demo/n/lines', arcql: '$.text STARTS WITH "calm"', fields: ['$.text', 'nothing'] })
    expect(body.tokens.map((one: any) => one.data)).toEqual([{ '$.text': 'calm', nothing: null }, { '$.text': 'calm again', nothing: null }])
    const long = (await bed.call(admin, 'QUERY_TOKENS', { place: 'demo/n/lines', arcql: 'WHERE $.text STARTS WITH "x" ORDER BY $.text DESC LIMIT 5' })).body.tokens[0]
    expect(long).toMatchObject({ cut: true, state: 'free' })
    expect(long.data.text).toContain('[cut: 3000 more characters]')
    const whole = (await bed.call(admin, 'EXTRACT_TOKEN_CONTENT', { token: `demo/${long.id}`, path: '$.text', mode: 'head', offset: 4_000 })).body
    expect(whole).toMatchObject({ characters: 5_000, content: 'x'.repeat(1_000) })
    expect((await bed.call(admin, 'QUERY_TOKENS', { place: 'demo/n/lines', arcql: '$.text ==' })).body).toMatchObject({ status: 422, code: 'bad-query' })
  })

  it('wait until a token comes', async () => {
    const waiting = bed.call(admin, 'QUERY_TOKENS', { place: 'away/n/full', arcql: '$.late == true', wait: 30 })
    await bed.call(admin, 'CREATE_TOKEN', { place: 'away/n/hits', data: { late: true } })
    const full = await bed.api.client.call(API.listTokens, { params: { session: 'away', net: 'n', place: 'full' }, query: {} })
    await bed.call(admin, 'DELETE_TOKEN', { token: `away/${full.items[0]!.id}`, reason: 'make room' })
    expect((await waiting).body.tokens).toMatchObject([{ data: { late: true } }])
  })

  it('tell of places, links, sharing and inscriptions', async () => {
    const { token } = await agent('r')
    expect((await bed.call(token, 'GET_PLACE_INFO', { place: 'lines' })).body).toMatchObject({ scope: 'demo/n/lines', category: 'task', title: 'Lines of a log', onDuplicate: 'refuse' })
    expect((await bed.call(token, 'GET_PLACE_INFO', { place: 'm/far' })).body).toMatchObject({ owner: 'demo/n/hits' })
    const wired = (await bed.call(token, 'GET_PLACE_CONNECTIONS', { place: 'lines' })).body
    expect(wired.consumers).toMatchObject([{ transition: 'demo/n/sort', mode: 'consume', where: '$.text CONTAINS "error"', needs: ['$.text'] }])
    expect((await bed.call(token, 'GET_LINKED_PLACES', { place: 'hosts' })).body).toMatchObject({
      links: [{ from: 'demo/n/notes', relation: 'part of', to: 'demo/n/hosts', link: 'demo/n/edge', depth: 1 }], facts: [{ from: 'web', relation: 'runs on', to: 'host-1' }],
    })
    expect((await bed.call(token, 'FIND_SHARED_PLACES', {})).body.places).toEqual([{ place: 'demo/n/hits', nets: ['m', 'n'] }])
    expect((await bed.call(token, 'GET_TRANSITION', { transition: 'sort' })).body).toMatchObject({ inscription: { kind: 'map' }, state: { state: 'running', usd: 0 } })
    expect((await bed.call(token, 'LIST_ALL_INSCRIPTIONS', { kind: 'link' })).body.inscriptions.map((one: any) => one.transition)).toEqual(['demo/m/edge', 'demo/n/edge'])
    expect((await bed.call(token, 'LIST_SESSION_NETS', { session: 'demo' })).body.nets.map((one: any) => one.net)).toEqual(['m', 'n'])
    expect((await bed.call(token, 'LIST_ALL_SESSIONS', {})).body.sessions.map((one: any) => one.session)).toEqual(['demo'])
    expect((await bed.call(token, 'VERIFY_RUNTIME_BINDINGS', { transition: 'agent' })).body).toMatchObject({ ok: false })
  })

  it('try a firing without doing it', async () => {
    const { token } = await agent('r')
    const dry = (await bed.call(token, 'DRY_RUN_TRANSITION', { transition: 'sort', tokens: [{ place: 'lines', data: { text: 'an error' } }] })).body
    expect(dry).toMatchObject({ enabled: true, binds: { line: { text: 'an error' } }, emits: [{ place: 'demo/n/hits', data: { seen: 'an error' } }] })
    expect((await bed.call(token, 'DRY_RUN_TRANSITION', { transition: 'sort' })).body).toMatchObject({ enabled: false })
  })

  it('say why a transition does not fire', async () => {
    const { token } = await agent('r')
    const guard = (await bed.call(token, 'DIAGNOSE_TRANSITION', { transition: 'sort' })).body
    expect(guard).toMatchObject({ fires: false, reasons: [{ layer: 'guard' }], inputs: [{ variable: 'line', tokens: 3, free: 3, fits: 0 }] })
    expect((await bed.call(token, 'DIAGNOSE_TRANSITION', { transition: 'reply' })).body.reasons).toMatchObject([{ layer: 'inputs', message: 'a: no token lies in demo/n/asks' }])
    expect((await bed.call(token, 'DIAGNOSE_TRANSITION', { transition: 'push' })).body.reasons.map((one: any) => one.layer)).toEqual(['inputs', 'capacity'])
    expect((await bed.call(token, 'DIAGNOSE_TRANSITION', { transition: 'agent' })).body.reasons.map((one: any) => one.layer)).toEqual(['schedule', 'executor', 'model'])
  })

  it('refuse unknown tools, keys and names with the nearest one', async () => {
    expect((await bed.call(admin, 'QUERY_TOKEN', {})).body).toMatchObject({ status: 404, code: 'not-found', remedy: expect.stringContaining('did you mean QUERY_TOKENS?') })
    expect((await bed.call(admin, 'LIST_PLACES', { sesion: 'demo' })).body).toMatchObject({ status: 422, code: 'bad-parameters', remedy: expect.stringContaining('did you mean "session"?') })
    expect((await bed.call(admin, 'GET_PLACE_INFO', { place: 'demo/n/linse' })).body).toMatchObject({ status: 404, remedy: expect.stringContaining('did you mean demo/n/lines?') })
  })
})

describe('writing tools', () => {
  it('call a net like a function', async () => {
    const { body } = await bed.call(admin, 'CREATE_TOKEN', { place: 'demo/n/asks', data: { q: 'why' }, reply: { place: 'demo/n/answers', wait: 30 } })
    expect(body.reply).toMatchObject({ data: { said: 'why' }, correlationId: body.correlationId })
  })

  it('refuse a token that does not fit', async () => {
    expect((await bed.call(admin, 'CREATE_TOKEN', { place: 'demo/n/lines', data: { txt: 1 } })).body).toMatchObject({ status: 422, code: 'token-misfit' })
  })

  it('let an agent write in its own net only where it has an arc for its tools, whatever it calls the place', async () => {
    const { token } = await agent('rw')
    expect((await bed.call(token, 'CREATE_TOKEN', { place: 'hits', data: 1 })).status).toBe(200)
    expect((await bed.call(token, 'CREATE_TOKEN', { place: 'm/far', data: 1 })).status).toBe(200)
    expect((await bed.call(token, 'CREATE_TOKEN', { place: 'lines', data: { text: 'x' } })).body).toMatchObject({ status: 403, code: 'forbidden-place' })
    expect((await bed.call(token, 'CREATE_TOKEN', { place: 'm/lines', data: { text: 'x' } })).status).toBe(200)
  })

  it('remember in the learning place of its own transition', async () => {
    const { token, firing } = await agent('rw')
    expect((await bed.call(token, 'EMIT_MEMORY', { name: 'lesson', data: { n: 1 } })).body.scope).toBe('demo/n/memory')
    const [memory] = (await bed.call(token, 'QUERY_TOKENS', { place: 'memory', arcql: `$_.correlationId == "talk-${firing}"` })).body.tokens
    expect(memory.data).toMatchObject({ name: 'lesson', data: { n: 1 } })
  })
})

describe('operating tools', () => {
  it('fire once and wait for the end, and leave models to the other tool', async () => {
    const { token } = await agent('rwx')
    await bed.call(token, 'STOP_TRANSITION', { transition: 'sort', reason: 'to fire by hand' })
    await bed.call(admin, 'CREATE_TOKEN', { place: 'demo/n/lines', data: { text: 'error by hand' } })
    const { body } = await bed.call(token, 'FIRE_ONCE', { transition: 'sort' })
    expect(body).toMatchObject({ state: 'fired', error: '', produced: [{ place: 'demo/n/hits', data: { seen: 'error by hand' } }] })
    expect((await bed.call(token, 'FIRE_ONCE', { transition: 'agent' })).body).toMatchObject({ code: 'wrong-kind', remedy: 'call EXECUTE_TRANSITION' })
    expect((await bed.call(token, 'EXECUTE_TRANSITION', { transition: 'sort' })).body).toMatchObject({ code: 'wrong-kind' })
    expect((await bed.call(token, 'EXECUTE_TRANSITION_SMART', { transition: 'sort' })).body).toMatchObject({ code: 'nothing-binds' })
    expect((await bed.call(token, 'START_TRANSITION', { transition: 'sort' })).body).toMatchObject({ scope: 'demo/n/sort', state: 'running' })
  })

  it('leave alone what a person stopped: no agent starts it, fires it, or makes the stop its own', async () => {
    const { token } = await agent('rwx')
    await bed.api.client.call(API.lifecycle, { body: { target: 'demo/n/reply', state: 'stopped', reason: 'on holiday' } })
    expect((await bed.call(token, 'STOP_TRANSITION', { transition: 'reply' })).status).toBe(200)
    expect((await bed.call(token, 'START_TRANSITION', { transition: 'reply' })).body).toMatchObject({ status: 403, code: 'stopped-by-person', detail: expect.stringContaining('on holiday') })
    expect((await bed.call(token, 'FIRE_ONCE', { transition: 'reply' })).body).toMatchObject({ code: 'stopped-by-person' })
    expect((await bed.call(admin, 'START_TRANSITION', { transition: 'demo/n/reply' })).status).toBe(200)
  })

  it('do not let an agent stop itself', async () => {
    const { token } = await agent('rwx')
    expect((await bed.call(token, 'STOP_TRANSITION', { net: 'n' })).body).toMatchObject({ code: 'bad-parameters' })
  })
})

describe('each call', () => {
  it('is an event with tool, masked parameters, firing and duration', async () => {
    // a firing has the number of the event that began it
    const { token, firing } = await agent('rwl', { firing: 1 })
    await bed.call(token, 'CREATE_TOKEN', { place: 'hits', data: { password: 'hunter2', note: 'x'.repeat(3_000) } }, { 'x-agenticos-call': '1' })
    const events = await bed.eventsOnce('demo', (event) => event.type === 'tool.called' && event.firing === firing)
    expect(events.find((event) => event.firing === firing)).toMatchObject({
      type: 'tool.called', tool: 'CREATE_TOKEN', ok: true, call: 1, transition: 'n/agent', by: 'agent demo/n/agent', correlation: `talk-${firing}`, durationMs: expect.any(Number),
      input: { place: 'hits', data: { password: '***', note: expect.stringContaining('[cut: 1000 more characters]') } },
    })
    const found = (await bed.call(token, 'QUERY_EVENTS', { firing, type: 'tool' })).body
    expect(found.events).toMatchObject([{ type: 'tool.called', tool: 'CREATE_TOKEN' }])
  })

  it('with a number is done once: the same again gets the first answer, anything else is refused', async () => {
    const { token, firing } = await agent('rw')
    const one = { place: 'hits', data: { once: firing } }
    const answers = await Promise.all([1, 2, 3].map(() => bed.call(token, 'CREATE_TOKEN', one, { 'x-agenticos-call': '7' })))
    answers.push(await bed.call(token, 'CREATE_TOKEN', one, { 'x-agenticos-call': '7' }))
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1)
    expect((await bed.call(token, 'QUERY_TOKENS', { place: 'hits', arcql: `$.once == ${firing}` })).body.tokens).toHaveLength(1)
    expect((await bed.call(token, 'CREATE_TOKEN', { ...one, data: 2 }, { 'x-agenticos-call': '7' })).body).toMatchObject({ status: 409, code: 'call-reused' })
    expect((await bed.call(token, 'LIST_PLACES', {}, { 'x-agenticos-call': '7' })).body).toMatchObject({ status: 409, code: 'call-reused' })
    await bed.eventsOnce('demo', (event) => event.type === 'tool.refused' && event.firing === firing && event.code === 'call-reused')
  })

  it('whose connection was lost while it waited has no answer yet, and gets it under the same number', async () => {
    const { token, firing } = await agent('rw')
    const gone = new AbortController()
    const wanted = { place: 'answers', arcql: '$.said == "late"', wait: 60 }
    const lost = fetch(`${bed.api.url}/v1/tools/QUERY_TOKENS`, {
      method: 'POST', signal: gone.signal, body: JSON.stringify(wanted), headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'x-agenticos-call': '3' },
    }).catch(() => 'lost')
    await bed.until('it has begun', async () => (await bed.api.db.query<{ n: number }>('select count(*)::int as n from runtime.calls where firing = $1 and state = $2', [firing, 'begun']))[0]!.n === 1)
    gone.abort()
    expect(await lost).toBe('lost')
    await bed.eventsOnce('demo', (event) => event.type === 'tool.called' && event.firing === firing && event.code === 'shutting-down')
    await bed.call(admin, 'CREATE_TOKEN', { place: 'demo/n/asks', data: { q: 'late' } })
    expect((await bed.call(token, 'QUERY_TOKENS', wanted, { 'x-agenticos-call': '3' })).body.tokens).toMatchObject([{ data: { said: 'late' } }])
  })

  it('that was refused is refused the same way again', async () => {
    const { token } = await agent('r')
    const first = await bed.call(token, 'CREATE_TOKEN', { place: 'hits', data: 1 }, { 'x-agenticos-call': '1' })
    expect(first.body).toMatchObject({ status: 403, code: 'forbidden-tool' })
    expect((await bed.call(token, 'CREATE_TOKEN', { place: 'hits', data: 1 }, { 'x-agenticos-call': '1' })).body).toEqual(first.body)
  })

  it('gives at most 64 KiB and says what was cut', async () => {
    for (let nth = 0; nth < 30; nth++) await bed.call(admin, 'CREATE_TOKEN', { place: 'demo/m/answers', data: { a: 'x'.repeat(1_900), b: 'y'.repeat(1_900), nth } })
    const { body } = await bed.call(admin, 'QUERY_TOKENS', { place: 'demo/m/answers', limit: 100 })
    expect(JSON.stringify(body).length).toBeLessThanOrEqual(65_536)
    expect(body).toMatchObject({ shown: 30, cut: expect.stringContaining('are cut') })
  })
})
