import { beforeAll, describe, expect, it } from 'vitest'
import { leasedAgent } from '../support/capability.js'
import { cli } from '../support/cli.js'
import { net, session } from '../support/forge.js'
import { toolBed, type ToolBed } from '../support/tool-bed.js'

let bed: ToolBed
let proposal: number
const run = (...args: string[]) => cli(['--server', bed.api.url, '--token', bed.api.admin, ...args])

beforeAll(async () => {
  bed = await toolBed({ 'nets/demo/session.yaml': session('demo'), 'nets/demo/sort.yaml': net('sort') })
  const { token } = await leasedAgent(bed.api.db, { session: 'demo', net: 'sort', transition: 'note', role: 'rw', correlation: 'talk-9' })
  await bed.call(token, 'CREATE_PLACE', { net: 'sort', place: 'odd', title: 'Odd ones' })
  proposal = (await bed.call(token, 'DONE', { summary: 'A place for odd ones\n\nThey were lost.' })).body.proposal
})

describe('drafts on the command line', () => {
  it('are listed with their author, their files and their proposal', async () => {
    const { code, out } = await run('get', 'drafts')
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/drafts\/demo\/talk-9 +agent demo\/sort\/note .* nets\/demo\/sort\.yaml/) })
    expect((await run('get', 'drafts', 'demo', '-o', 'name')).out).toBe('drafts/demo/talk-9\n')
    expect((await run('get', 'drafts', 'away')).err).toContain('no drafts')
  })

  it('are compared with main by their name', async () => {
    const { code, out } = await run('diff', 'drafts/demo/talk-9')
    expect(code).toBe(0)
    expect(out).toContain('~ net demo/sort')
    expect(out).toContain('+ place odd')
  })

  it('become proposals that say which agent was asked what, and what it cost', async () => {
    const { out } = await run('describe', 'proposal', String(proposal))
    expect(out).toMatch(/^Agent: +demo\/sort\/note, firing \d+/m)
    expect(out).toMatch(/^Cost: +0\.000000 USD so far$/m)
    expect(out).toMatch(/^Asked: +Do it\.$/m)
    expect(out).toContain('They were lost.')
  })
})
