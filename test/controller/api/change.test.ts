import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API } from '../../../protocol/api.js'
import { testApi, type TestApi } from '../../support/api.js'
import { mergeNets, netText, until } from '../../support/merge-net.js'

const run = promisify(execFile)
let api: TestApi
let folder: string
const NET = `places:\n  inbox: {category: task}\n  done: {category: task}\ntransitions:\n  move: {kind: pass, in: {x: inbox}, out: {done: {}}}\n`
const BAD = NET.replace('x: inbox', 'x: inbx')
const files = (name: string, text: string) => [{ path: `nets/demo/${name}.yaml`, content: netText(name, text) }]

beforeAll(async () => {
  api = await testApi({ whole: true })
  folder = await mkdtemp(join(tmpdir(), 'agenticos-git-'))
  await mergeNets(api, 'demo', { mail: NET })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('proposals', () => {
  it('show the plan and findings of a change before anything is opened', async () => {
    const same = await api.client.call(API.plan, { body: { files: files('mail', NET) } })
    expect(same).toMatchObject({ changed: false, findings: [] })
    const bad = await api.client.call(API.plan, { body: { files: files('mail', BAD) } })
    expect(bad.findings.some((one) => one.code === 'dangling-arc' && one.level === 'error')).toBe(true)
  })

  it('with errors are shown and cannot be merged', async () => {
    const opened = await api.client.call(API.openProposal, { body: { title: 'A slip', files: files('mail', BAD) } })
    expect(opened).toMatchObject({ state: 'open', mergeable: false, by: 'admin' })
    expect(opened.errors).toBeGreaterThan(0)
    const merged = await api.client.call(API.mergeProposal, { params: { proposal: opened.number }, body: {} }).catch((error: unknown) => error)
    expect(merged).toMatchObject({ problem: { code: 'merge-findings', findings: [{ code: expect.any(String) as unknown }] } })
    expect(await api.client.call(API.closeProposal, { params: { proposal: opened.number }, body: { comment: 'never mind' } })).toMatchObject({ state: 'closed' })
  })

  it('are commented, approved, merged, applied and reverted', async () => {
    const alice = api.as(await api.token(['read', 'propose']))
    const bob = api.as(await api.token(['read', 'approve', 'merge']))
    const opened = await alice.call(API.openProposal, { body: { title: 'More places', body: 'Because.', files: files('mail', NET.replace('places:', 'places:\n  more: {category: learning}')) } })
    const params = { proposal: opened.number }
    expect((await alice.call(API.commentProposal, { params, body: { comment: 'please look' } })).comments).toMatchObject([{ text: 'please look' }])
    await expect(alice.call(API.mergeProposal, { params, body: {} })).rejects.toMatchObject({ problem: { status: 403 } })
    expect((await bob.call(API.approveProposal, { params, body: { comment: 'fine' } })).approvals).toMatchObject([{ by: 'read+approve+merge', comment: 'fine' }])
    const merged = await bob.call(API.mergeProposal, { params, body: {} })
    expect(merged).toMatchObject({ state: 'merged' })
    await until(async () => (await api.client.call(API.listPlaces, { params: { session: 'demo' } })).items.some((item) => item.name === 'more'))
    const back = await alice.call(API.revertProposal, { params, body: { comment: 'not needed' } })
    expect(back.state).toBe('open')
    const detail = await alice.call(API.getProposal, { params: { proposal: back.number } })
    expect(JSON.stringify(detail.plan)).toContain('remove')
    await bob.call(API.mergeProposal, { params: { proposal: back.number }, body: {} })
    await until(async () => !(await api.client.call(API.listPlaces, { params: { session: 'demo' } })).items.some((item) => item.name === 'more'))
    const revisions = await api.client.call(API.listRevisions)
    expect(revisions.items.filter((row) => row.current)).toHaveLength(1)
  })

  it('say where live tokens land, and orphans stay to be moved', async () => {
    await mergeNets(api, 'land', { mail: NET.replace('places:', 'places:\n  old: {category: learning}') })
    await api.client.call(API.putToken, { params: { session: 'land', net: 'mail', place: 'old' }, body: { data: 1 } })
    const opened = await api.client.call(API.openProposal, { body: { title: 'Drop old', files: [{ path: 'nets/land/mail.yaml', content: netText('mail', NET) }] } })
    const detail = await api.client.call(API.getProposal, { params: { proposal: opened.number } })
    expect(detail.landing).toMatchObject([{ place: 'land/mail/old', tokens: 1, fate: expect.stringContaining('orphans') as unknown }])
    await api.client.call(API.mergeProposal, { params: { proposal: opened.number }, body: {} })
    const orphaned = await until(async () => (await api.client.call(API.listPlaces, { params: { session: 'land' } })).items.find((item) => item.name === 'old' && !item.present))
    expect(orphaned).toMatchObject({ category: 'orphaned', tokens: 1, orphaned: 1 })
    const { items } = await api.client.call(API.listTokens, { params: { session: 'land', net: 'mail', place: 'old' } })
    expect(items).toMatchObject([{ orphaned: true, data: 1 }])
    await until(async () => (await api.client.call(API.getSession, { params: { session: 'land' } })).ready)
    await api.client.call(API.moveTokens, { params: { session: 'land' }, body: { tokens: [items[0]!.id], to: 'mail/done' } })
    const moved = await api.client.call(API.listTokens, { params: { session: 'land', net: 'mail', place: 'done' } })
    expect(moved.items).toMatchObject([{ orphaned: false, data: 1 }])
    await expect(api.client.call(API.listTokens, { params: { session: 'land', net: 'mail', place: 'old' } })).rejects.toMatchObject({ problem: { status: 404 } })
  })

  it('take away net files that a folder no longer has, and leave a README beside them', async () => {
    const open = (title: string, given: { path: string; content: string }[]) => api.client.call(API.openProposal, { body: { title, files: given, replace: ['nets/kept'] } })
    const one = await open('One', [{ path: 'nets/kept/one.yaml', content: netText('one', NET) }, { path: 'nets/kept/README.md', content: '# Kept\n' }])
    await api.client.call(API.mergeProposal, { params: { proposal: one.number }, body: {} })
    const two = await open('Two', [{ path: 'nets/kept/two.yaml', content: netText('two', NET) }])
    await api.client.call(API.mergeProposal, { params: { proposal: two.number }, body: {} })
    await until(async () => (await api.client.call(API.listNets, { query: { session: 'kept' } }).catch(() => ({ items: [] }))).items.map((item) => item.name).join() === 'two')
    expect((await api.forge.compare(one.base, await api.forge.main())).files).toContain('nets/kept/README.md')
  })

  it('refuse paths that lead out of the repository', async () => {
    for (const path of ['../x.yaml', '/etc/passwd', 'nets/../../x', '.git/config', 'nets/demo/.git/x', 'a//b', 'nets/demo/\u0000.yaml']) {
      await expect(api.client.call(API.openProposal, { body: { title: 't', files: [{ path, content: 'x' }] } })).rejects.toMatchObject({ problem: { status: 400 } })
    }
  })
})

describe('scratch sessions', () => {
  it('run files apart from main and end when told to', async () => {
    const made = await api.client.call(API.putScratch, { params: { scratch: 'try' }, body: { files: [{ path: 'mail.yaml', content: netText('mail', NET) }] } })
    expect(made.session).toBe('scratch-try')
    await until(async () => (await api.client.call(API.getSession, { params: { session: 'scratch-try' } }).catch(() => undefined))?.ready)
    expect((await api.client.call(API.listScratch)).items).toMatchObject([{ name: 'try' }])
    expect(await api.client.call(API.removeScratch, { params: { scratch: 'try' } })).toEqual({ removed: true })
    expect(await api.client.call(API.removeScratch, { params: { scratch: 'try' } })).toEqual({ removed: false })
  })
})

describe('git over HTTP', () => {
  const address = (token: string) => `${api.url.replace('://', `://anyone:${token}@`)}/git/nets.git`
  const git = (args: string[], cwd = folder) => run('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd, env: { ...process.env, GIT_TERMINAL_PROMPT: '0' } })

  it('clones, takes a pushed branch, and that becomes a proposal', async () => {
    await git(['clone', '-q', address(api.admin), 'nets'])
    const clone = join(folder, 'nets')
    await git(['checkout', '-q', '-b', 'change'], clone)
    await writeFile(join(clone, 'nets/demo/second.yaml'), netText('second', NET))
    await git(['add', '.'], clone)
    await git(['commit', '-q', '-m', 'Second net'], clone)
    await git(['push', '-q', 'origin', 'change'], clone)
    const opened = await api.client.call(API.openProposal, { body: { title: 'Second', branch: 'change' } })
    expect(opened).toMatchObject({ branch: 'change', mergeable: true })
    const refused = await git(['push', 'origin', 'HEAD:main'], clone).catch((error: { stderr: string }) => error)
    expect((refused as { stderr: string }).stderr).toMatch(/propose/)
  })

  it('asks for a token, and takes no less than is needed', async () => {
    const failure = async (url: string, ...args: string[]) => ((await git(['ls-remote', ...args, url]).catch((error: { stderr: string }) => error)) as { stderr: string }).stderr
    expect(await failure(`${api.url}/git/nets.git`)).toMatch(/could not read Username|Authentication failed/)
    expect(await failure(address('ant_wrong_aaaaaaaaaaaaaaaaaaaaaaaaaaaa'))).toMatch(/Authentication failed/)
    expect(await failure(address(await api.token(['put'])))).toMatch(/403/)
    await git(['ls-remote', address(await api.token(['read']))])
    const reader = await api.token(['read'])
    const refused = await git(['push', address(reader), 'HEAD:refs/heads/x'], join(folder, 'nets')).catch((error: { stderr: string }) => error)
    expect((refused as { stderr: string }).stderr).toMatch(/403/)
  })
})
