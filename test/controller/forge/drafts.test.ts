import { randomUUID } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openBare } from '../../../controller/forge/bare.js'
import { draftBranch, draftName, draftRef, readDraftBranch, type DraftName } from '../../../controller/forge/draft-name.js'
import type { DraftWords } from '../../../controller/forge/draft-propose.js'
import { ABANDONED_MS } from '../../../controller/forge/draft-sweep.js'
import type { DraftEdit } from '../../../controller/forge/draft-write.js'
import type { Forge } from '../../../controller/forge/forge.js'
import { createLog } from '../../../controller/log.js'
import { ada, bob, merged, net, robot, session, testForge } from '../../support/forge.js'

const NETS = { 'nets/demo/session.yaml': session('demo'), 'nets/demo/sort.yaml': net('sort') }
const SORT = 'nets/demo/sort.yaml'
const mine: DraftName = { session: 'demo', key: 'conversation-1' }

const writing = (path: string, content: string | null, what = 'CREATE_NET two'): DraftEdit =>
  ({ what, by: robot, trailers: { Tool: 'CREATE_NET', Firing: 'demo/7' }, edit: () => Promise.resolve([{ path, content }]) })
/** appends a line to a file: lost updates are seen */
const appending = (line: string): DraftEdit =>
  ({ what: line, by: robot, trailers: {}, edit: async (read) => [{ path: SORT, content: `${(await read(SORT)) ?? ''}# ${line}\n` }] })
const words = (firing: number, prompt: string, micros = 1_500): DraftWords => ({
  title: `Do ${prompt}`, body: '', origin: { agent: 'demo/helper/work', session: 'demo', conversation: 'c1' },
  request: { firing, model: 'small', prompt, summary: `Did ${prompt}.`, micros, at: '2026-11-28T10:00:00.000Z' },
})

describe('a draft', () => {
  it('begins at main with its first edit, a commit by whoever made it, and is seen at once', async () => {
    const { forge, git } = await testForge(NETS)
    const main = await forge.main()
    expect(await forge.drafts.find(mine)).toBeUndefined()
    expect(await forge.drafts.write(mine, writing('nets/demo/two.yaml', net('two')))).toMatchObject({ changed: true })
    expect(await forge.drafts.list()).toMatchObject([{ session: 'demo', key: 'conversation-1', branch: 'drafts/demo/conversation-1', base: main, by: 'robot', firing: 'demo/7', files: ['nets/demo/two.yaml'], proposal: null }])
    expect(await forge.main()).toBe(main)
    expect(await git.text(['log', '-1', '--format=%an|%s|%P|%(trailers:key=Draft,valueonly,separator=;)|%(trailers:key=Tool,valueonly,separator=;)', draftRef(mine)]))
      .toBe(`robot|CREATE_NET two|${main}|drafts/demo/conversation-1|CREATE_NET`)
    expect((await forge.drafts.verdict(mine))!.plan.nets).toMatchObject([{ net: 'two', verb: 'add' }])
  })

  it('is not touched by an edit that changes nothing, and not made by one', async () => {
    const { forge } = await testForge(NETS)
    expect(await forge.drafts.write(mine, writing(SORT, net('sort')))).toMatchObject({ changed: false })
    expect(await forge.drafts.list()).toEqual([])
    const { head } = await forge.drafts.write(mine, writing('nets/demo/two.yaml', net('two')))
    expect(await forge.drafts.write(mine, writing('nets/demo/two.yaml', net('two')))).toEqual({ head, changed: false })
    expect(await forge.drafts.write(mine, writing('nets/demo/gone.yaml', null))).toEqual({ head, changed: false })
  })

  it('loses nothing under ten writers in two processes’ worth of forges', async () => {
    const { forge, git, dataDir } = await testForge(NETS)
    const other = await openBare({ dataDir, log: createLog({ level: 'silent' }), changed: () => {} })
    onTestFinished(() => other.close())
    const lines = Array.from({ length: 10 }, (_, at) => `line ${at}`)
    await Promise.all(lines.map((line, at) => (at % 2 ? forge : other).drafts.write(mine, appending(line))))
    const text = (await forge.file(await forge.drafts.head(mine), SORT))!
    expect(lines.filter((line) => !text.includes(`# ${line}\n`))).toEqual([])
    expect(await git.text(['rev-list', '--count', `main..${draftRef(mine)}`])).toBe('10')
  })

  it('shows nothing of an edit that ended before its ref moved, and the same edit goes through afterwards', async () => {
    const { forge, git } = await testForge(NETS)
    const before = await forge.main()
    const failing: DraftEdit = { ...writing('nets/demo/two.yaml', net('two')), edit: () => Promise.reject(new Error('killed')) }
    await expect(forge.drafts.write(mine, failing)).rejects.toThrow('killed')
    // what a killed process leaves: objects that no ref names
    await git.text(['commit-tree', `${before}^{tree}`, '-p', before], { input: 'half\n', env: { GIT_AUTHOR_NAME: 'x', GIT_AUTHOR_EMAIL: 'x@x', GIT_COMMITTER_NAME: 'x', GIT_COMMITTER_EMAIL: 'x@x' } })
    expect(await forge.drafts.list()).toEqual([])
    expect(await forge.drafts.write(mine, writing('nets/demo/two.yaml', net('two')))).toMatchObject({ changed: true })
  })

  it('tells its errors, and what main changed in another way since it began', async () => {
    const { forge } = await testForge(NETS)
    await forge.drafts.write(mine, writing('nets/demo/two.yaml', net('two').replace('job: big', 'job: bigg')))
    expect((await forge.drafts.verdict(mine))!.findings[0]).toMatchObject({ code: 'dangling-arc', level: 'error', file: 'nets/demo/two.yaml' })
    await forge.drafts.write(mine, writing('nets/demo/two.yaml', net('two')))
    await forge.drafts.write(mine, writing(SORT, net('sort', { threshold: 7 })))
    await merged(forge, 'Nine', { [SORT]: net('sort', { threshold: 9 }) })
    expect((await forge.drafts.verdict(mine))!.findings[0]).toMatchObject({ code: 'main-moved', level: 'error' })
  })

  it('has a name that git takes for a branch, whatever the key is', () => {
    expect(draftBranch(draftName('demo', 'abc-1'))).toBe('drafts/demo/abc-1')
    const odd = draftName(undefined, '../../heads/main')
    expect(draftBranch(odd)).toMatch(/^drafts\/_\/[0-9a-f]{16}$/)
    expect(readDraftBranch(draftBranch(odd))).toEqual(odd)
    expect(['main', 'drafts/demo', 'drafts/demo/a/b', 'drafts/Demo/a', 'other/demo/a'].map(readDraftBranch)).toEqual([undefined, undefined, undefined, undefined, undefined])
  })
})

describe('the proposal of a draft', () => {
  it('tells why, the prompt, the agent, the model and the cost, and goes along with the next request of the conversation', async () => {
    const { forge } = await testForge(NETS)
    await forge.drafts.write(mine, writing('nets/demo/two.yaml', net('two')))
    const first = await forge.drafts.propose(mine, words(7, 'add two'), robot)
    expect(first).toMatchObject({ opened: true, record: { number: 1, by: 'robot', agent: true, branch: 'drafts/demo/conversation-1', title: 'Do add two', origin: { agent: 'demo/helper/work', conversation: 'c1' } } })
    expect(first!.record.body).toContain('## Why\n\nDid add two.')
    expect(first!.record.body).toContain('## Prompt\n\n> add two')
    expect(first!.record.body).toContain('demo/helper/work, firing 7, model small, conversation c1')
    expect(first!.record.body).toContain('0.001500 USD')
    expect(await forge.drafts.propose(mine, words(7, 'add two'), robot)).toEqual({ opened: false, moved: false, record: first!.record })

    await forge.proposals.approve(1, bob, '')
    await forge.drafts.write(mine, writing('nets/demo/three.yaml', net('three')))
    const second = await forge.drafts.propose(mine, words(9, 'and three', 500), robot)
    expect(second).toMatchObject({ opened: false, record: { number: 1, origin: { requests: [{ firing: 7 }, { firing: 9 }] } } })
    expect(second!.record.body).toContain('Did add two.\n\nDid and three.')
    expect(second!.record.body).toContain('0.002000 USD')
    expect(await forge.proposals.show(1)).toMatchObject({ approvals: [], mergeable: true, verdict: { files: ['nets/demo/three.yaml', 'nets/demo/two.yaml'] } })
    expect(await forge.drafts.find(mine)).toMatchObject({ proposal: 1 })
  })

  it('is one, though two firings of the conversation are done at the same time', async () => {
    const { forge, dataDir } = await testForge(NETS)
    const other = await openBare({ dataDir, log: createLog({ level: 'silent' }), changed: () => {} })
    onTestFinished(() => other.close())
    await forge.drafts.write(mine, writing('nets/demo/two.yaml', net('two')))
    const done = await Promise.all([forge, other, forge, other].map((one, at) => one.drafts.propose(mine, words(at + 1, `p${at}`), robot)))
    expect(new Set(done.map((one) => one!.record.number))).toEqual(new Set([1]))
    expect(await forge.proposals.list()).toHaveLength(1)
  })

  it.each<[string, (forge: Forge) => Promise<unknown>]>([
    ['merged', (forge) => forge.proposals.merge(1, ada)],
    ['closed', (forge) => forge.proposals.close(1, ada, 'no')],
  ])('ends the draft when it is %s, and the next edit begins anew from main', async (_, end) => {
    const { forge } = await testForge(NETS)
    await forge.drafts.write(mine, writing('nets/demo/two.yaml', net('two')))
    await forge.drafts.propose(mine, words(7, 'add two'), robot)
    await end(forge)
    expect(await forge.drafts.list()).toEqual([])
    await forge.drafts.write(mine, writing('nets/demo/three.yaml', net('three')))
    expect(await forge.drafts.find(mine)).toMatchObject({ base: await forge.main(), files: ['nets/demo/three.yaml'], proposal: null })
    expect(await forge.drafts.propose(mine, words(9, 'three'), robot)).toMatchObject({ opened: true, record: { number: 2 } })
  })

  it('leaves what was edited after it, when it is merged, as a draft of its own', async () => {
    const { forge } = await testForge(NETS)
    await forge.drafts.write(mine, writing('nets/demo/two.yaml', net('two')))
    await forge.drafts.propose(mine, words(7, 'add two'), robot)
    await forge.drafts.write(mine, writing('nets/demo/three.yaml', net('three')))
    await forge.proposals.merge(1, ada)
    expect(await forge.drafts.find(mine)).toMatchObject({ files: ['nets/demo/three.yaml'] })
    expect(await forge.drafts.propose(mine, words(9, 'three'), robot)).toMatchObject({ opened: true, record: { number: 2 } })
  })

  it('is none where the draft changes nothing', async () => {
    const { forge } = await testForge(NETS)
    expect(await forge.drafts.propose(mine, words(1, 'x'), robot)).toBeUndefined()
    await forge.drafts.write(mine, writing('nets/demo/two.yaml', net('two')))
    await forge.drafts.write(mine, writing('nets/demo/two.yaml', null))
    expect(await forge.drafts.propose(mine, words(1, 'x'), robot)).toBeUndefined()
  })

  it('is read as it was where a record is from before drafts', async () => {
    const { forge } = await testForge(NETS)
    const record = await forge.proposals.open({ title: 'x', body: '', from: { files: [{ path: 'nets/demo/two.yaml', content: net('two') }] } }, ada)
    expect(record).not.toHaveProperty('origin')
    expect(await forge.proposals.read(record.number)).toEqual(record)
  })
})

describe('the merge of a draft by its agent', () => {
  const policy = (...lines: string[]): string => ['apiVersion: agenticos.dev/v1', 'kind: Policy', ...lines, ''].join('\n')
  const agents = 'agents: [{sessions: [demo], role: rwx, merge: [demo/two]}]'
  const leave = { session: 'demo', draft: mine }

  const proposed = async (policyText: string, files: Readonly<Record<string, string>> = { 'nets/demo/two.yaml': net('two') }): Promise<Forge & { log(): Promise<string> }> => {
    const { forge, git } = await testForge({ ...NETS, 'policy.yaml': policyText })
    for (const [path, content] of Object.entries(files)) await forge.drafts.write(mine, writing(path, content))
    await forge.drafts.propose(mine, words(7, 'x'), robot)
    return { ...forge, log: () => git.text(['log', '-1', '--format=%an|%(trailers:key=Merged-by-policy,valueonly,separator=;)|%(trailers:key=Approved-by,valueonly,separator=;)', 'main']) }
  }

  it('is done where policy lets its session merge that net, and says by which rule', async () => {
    const forge = await proposed(policy(agents))
    expect(await forge.proposals.merge(1, robot, '', leave)).toMatchObject({ state: 'merged', merged: { by: 'robot' } })
    expect(await forge.log()).toBe('robot|agents[0].merge demo/two|')
  })

  it.each<[string, string, Readonly<Record<string, string>> | undefined, string]>([
    ['no policy says so', policy(), undefined, 'approval-refused'],
    ['it is another net', policy(agents), { 'nets/demo/three.yaml': net('three') }, 'approval-refused'],
    ['one of its nets is another', policy(agents), { 'nets/demo/two.yaml': net('two'), 'nets/demo/three.yaml': net('three') }, 'approval-refused'],
    ['it changes policy.yaml', policy('agents: [{merge: ["*", "**"]}]'), { 'policy.yaml': policy('agents: [{role: r}]') }, 'approval-refused'],
    ['it changes session.yaml', policy('agents: [{merge: ["*", "**"]}]'), { 'nets/demo/session.yaml': `${session('demo')}budget: {usd: 9, per: day}\n` }, 'approval-refused'],
    ['it changes a session that the agent does not reach', policy('agents: [{merge: ["*", "*/*"]}]'), { 'nets/other/two.yaml': net('two') }, 'approval-refused'],
    ['a rule of approvals wants a person', policy(agents, 'approvals: [{paths: ["nets/**"], by: [ada]}]'), undefined, 'approval-missing'],
  ])('is refused where %s', async (_, text, files, code) => {
    const forge = await proposed(text, files)
    await expect(forge.proposals.merge(1, robot, '', leave)).rejects.toMatchObject({ code })
    expect((await forge.proposals.read(1)).state).toBe('open')
  })

  it('is refused without a leave, and for a draft that is another’s', async () => {
    const forge = await proposed(policy(agents))
    await expect(forge.proposals.merge(1, robot)).rejects.toMatchObject({ code: 'approval-refused' })
    await expect(forge.proposals.merge(1, robot, '', { session: 'demo', draft: { session: 'demo', key: 'other' } })).rejects.toMatchObject({ code: 'approval-refused' })
  })
})

describe('the sweep', () => {
  it('takes away what was abandoned and nothing that is proposed or fresh', async () => {
    const { forge } = await testForge(NETS)
    const other: DraftName = { session: 'demo', key: randomUUID() }
    await forge.drafts.write(mine, writing('nets/demo/two.yaml', net('two')))
    await forge.drafts.write(other, writing('nets/demo/three.yaml', net('three')))
    await forge.drafts.propose(mine, words(7, 'x'), robot)
    expect(await forge.drafts.sweep()).toEqual([])
    expect(await forge.drafts.sweep(Date.now() + ABANDONED_MS + 60_000)).toEqual([draftBranch(other)])
    expect(await forge.drafts.list()).toMatchObject([{ key: 'conversation-1' }])
  })

  it('takes away what main has already, as a crash in the middle of a merge leaves it', async () => {
    const { forge, git } = await testForge(NETS)
    const { head } = await forge.drafts.write(mine, writing('nets/demo/two.yaml', net('two')))
    await forge.drafts.propose(mine, words(7, 'x'), robot)
    await forge.proposals.merge(1, ada)
    await git.run(['update-ref', draftRef(mine), head])
    expect(await forge.drafts.find(mine)).toBeUndefined()
    expect(await forge.drafts.sweep()).toEqual([draftBranch(mine)])
  })
})
