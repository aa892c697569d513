import { beforeAll, describe, expect, it } from 'vitest'
import { cli } from '../support/cli.js'
import { toolBed, type ToolBed } from '../support/tool-bed.js'

const NET = `apiVersion: agenticos.dev/v1
kind: Net
metadata: {name: n}
places: {hits: {category: task}, done: {category: task}}
transitions: {move: {kind: pass, in: {x: hits}, out: {done: {}}}}
`
let bed: ToolBed
beforeAll(async () => {
  bed = await toolBed({ 'nets/demo/n.yaml': NET })
})
const run = (token: string, args: readonly string[], stdin?: string) => cli(args, { env: { AGENTICOS_SERVER: bed.api.url, AGENTICOS_TOKEN: token }, ...(stdin === undefined ? {} : { stdin }) })

describe('agenticos tool', () => {
  it('gives a token the role that it was made with, and the scopes that the role needs', async () => {
    const made = await run(bed.api.admin, ['token', 'create', 'helper', '--role', 'rw', '--agent', '--session', 'demo'])
    expect(made.code).toBe(0)
    const token = made.out.trim()
    expect((await run(token, ['tool', 'list', '-o', 'name'])).out.trim().split('\n')).toHaveLength(34)
    expect((await run(token, ['token', 'whoami'])).out).toContain('read, put, propose on demo')
    expect(await run(bed.api.admin, ['token', 'list'])).toMatchObject({ out: expect.stringMatching(/helper .*rw agent/) })
    expect(await run(bed.api.admin, ['token', 'create', 'x', '--role', 'rh'])).toMatchObject({ code: 2, err: expect.stringContaining('the roles are r, rw') })
  })

  it('calls a tool with parameters from the line or stdin, and says what is wrong', async () => {
    const put = await run(bed.api.admin, ['tool', 'call', 'CREATE_TOKEN', '-', '-o', 'json'], '{"place": "demo/n/hits", "data": {"a": 1}, "reply": {"place": "demo/n/done", "wait": 30}}')
    expect(JSON.parse(put.out)).toMatchObject({ scope: 'demo/n/hits', reply: { data: { a: 1 } } })
    expect((await run(bed.api.admin, ['tool', 'call', 'LIST_PLACES', '{"session": "demo"}'])).out).toContain('place: demo/n/done')
    expect(await run(bed.api.admin, ['tool', 'call', 'LIST_PLACE'])).toMatchObject({ code: 1, err: expect.stringContaining('did you mean LIST_PLACES?') })
    expect(await run(bed.api.admin, ['tool', 'call', 'LIST_PLACES', '{'])).toMatchObject({ code: 2, err: expect.stringContaining('no JSON') })
    await bed.eventsOnce('demo', (event) => event.type === 'tool.called' && event.tool === 'LIST_PLACES')
    expect((await run(bed.api.admin, ['get', 'events', 'demo'])).out).toMatch(/tool\.called .*CREATE_TOKEN/)
  })
})
