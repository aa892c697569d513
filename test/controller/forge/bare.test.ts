import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openBare } from '../../../controller/forge/bare.js'
import { openGit } from '../../../controller/forge/git.js'
import { createLog } from '../../../controller/log.js'
import { ada, bob, net, session, testForge } from '../../support/forge.js'

const log = createLog({ level: 'silent' })
const open = (dataDir: string) => openBare({ dataDir, log, changed: () => {} })

describe('the embedded repository', () => {
  it('is made once, with a first commit, even by two that start together', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'agenticos-bare-'))
    const all = await Promise.all([open(dataDir), open(dataDir), open(dataDir)])
    const heads = new Set(await Promise.all(all.map((one) => one.main())))
    expect(heads.size).toBe(1)
    expect(await readdir(dataDir)).toEqual(['nets.git'])
    expect(await (await open(dataDir)).main()).toBe([...heads][0])
    for (const one of all) one.close()
    await rm(dataDir, { recursive: true, force: true })
  })

  it('is run by git without hooks, without the user’s configuration, and without a repository’s own tricks', async () => {
    const { git, forge, dataDir } = await testForge()
    const trap = join(dataDir, 'trapped')
    await mkdir(join(git.dir, 'hooks'), { recursive: true })
    for (const hook of ['reference-transaction', 'post-update', 'pre-auto-gc', 'update']) {
      await writeFile(join(git.dir, 'hooks', hook), `#!/bin/sh\ntouch ${trap}\n`)
      await chmod(join(git.dir, 'hooks', hook), 0o755)
    }
    for (const [key, value] of [['core.hooksPath', join(git.dir, 'hooks')], ['core.fsmonitor', `touch ${trap}`], ['alias.rev-parse', `!touch ${trap}`], ['core.pager', `touch ${trap}`], ['uploadpack.packObjectsHook', `touch ${trap}`]])
      await git.run(['config', key!, value!])
    await forge.proposals.open({ title: 'x', body: '', from: { files: [{ path: 'nets/a/b.yaml', content: net('b') }] } }, ada)
    await forge.proposals.merge(1, bob)
    await forge.maintain()
    await expect(stat(trap)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('says what is missing when there is no git', async () => {
    const path = process.env['PATH']
    process.env['PATH'] = '/nonexistent'
    try {
      await expect(open(join(tmpdir(), 'agenticos-no-git'))).rejects.toMatchObject({ code: 'git-missing', remedy: 'Install git 2.38 or newer and have it in PATH.' })
    } finally {
      process.env['PATH'] = path
    }
  })

  it('names commits by branch, whole id and short id, and nothing else', async () => {
    const { forge, git } = await testForge()
    const main = await forge.main()
    await git.run(['update-ref', 'refs/heads/feature/x', main])
    for (const text of ['main', 'feature/x', main, main.slice(0, 10)]) expect(await forge.resolve(text)).toBe(main)
    for (const text of ['--all', '', 'HEAD~1', 'main^{tree}', '../x', 'refs/heads/main', ':/Begin', 'main:README.md', `${'0'.repeat(40)}`, '@{-1}'])
      await expect(forge.resolve(text), text).rejects.toMatchObject({ code: 'not-found' })
  })

  it('previews files without leaving a trace in any ref', async () => {
    const { forge, git } = await testForge({ 'nets/demo/sort.yaml': net('sort') })
    const refs = await git.text(['for-each-ref'])
    const seen = await forge.preview({ files: [{ path: 'nets/demo/two.yaml', content: net('two') }, { path: 'nets/demo/bad.yaml', content: 'x' }] })
    expect(seen.files).toEqual(['nets/demo/bad.yaml', 'nets/demo/two.yaml'])
    expect(seen.plan.nets).toMatchObject([{ net: 'two', verb: 'add' }])
    expect(seen.findings.some((one) => one.level === 'error' && one.file === 'nets/demo/bad.yaml')).toBe(true)
    expect(await git.text(['for-each-ref'])).toBe(refs)
  })

  it('goes on reading after its objects were packed by another', async () => {
    const { forge, git } = await testForge({ 'nets/demo/sort.yaml': net('sort') })
    await forge.check(await forge.main())
    await git.run(['gc', '--quiet', '--prune=now'])
    await forge.proposals.open({ title: 'x', body: '', from: { files: [{ path: 'nets/demo/two.yaml', content: net('two') }] } }, ada)
    expect((await forge.proposals.show(1)).mergeable).toBe(true)
  })

  it('tells a merge that fell between its refs from the history of main', async () => {
    const { forge, git, dataDir } = await testForge({ 'nets/demo/sort.yaml': net('sort') })
    await forge.proposals.open({ title: 'x', body: '', from: { files: [{ path: 'nets/demo/two.yaml', content: net('two') }] } }, ada)
    const open_ = await git.text(['rev-parse', 'refs/proposals/1/meta'])
    const { merged } = await forge.proposals.merge(1, bob)
    await git.run(['update-ref', 'refs/proposals/1/meta', open_])
    const again = await open(dataDir)
    expect(await again.proposals.read(1)).toMatchObject({ state: 'merged', merged: { commit: merged!.commit, by: 'bob' } })
    again.close()
  })
})

describe('a scratch ref', () => {
  it('holds one session’s files and nothing of main, the newest only, and is gone when removed', async () => {
    const { forge, git, changes } = await testForge({ 'nets/demo/sort.yaml': net('sort') })
    const files = [{ path: 'session.yaml', content: session('anything') }, { path: 'one.yaml', content: net('one') }, { path: 'README.md', content: 'x' }]
    const first = await forge.scratch.put('try', files, ada)
    expect(first.session).toBe('scratch-try')
    expect((await git.text(['ls-tree', '-r', '--name-only', 'refs/scratch/try'])).split('\n')).toEqual(['nets/scratch-try/README.md', 'nets/scratch-try/one.yaml', 'nets/scratch-try/session.yaml'])
    const checked = await forge.check(first.commit, 'scratch-try')
    expect(checked.findings.filter((one) => one.level === 'error')).toEqual([])
    expect(checked.sessions.get('scratch-try')!.config.session).toBe('scratch-try')
    expect(await forge.scratch.put('try', files, ada)).toEqual(first)
    expect((await forge.scratch.put('try', files.slice(0, 2), ada)).commit).not.toBe(first.commit)
    expect(await forge.scratch.list()).toMatchObject([{ name: 'try', session: 'scratch-try' }])
    expect(await forge.scratch.remove('try')).toBe(true)
    expect(await forge.scratch.remove('try')).toBe(false)
    expect(await forge.scratch.list()).toEqual([])
    expect(changes()).toBeGreaterThan(3)
  })

  it('takes no name or path that leads elsewhere', async () => {
    const { forge } = await testForge()
    for (const name of ['', '../x', '-x', 'X', 'a/b', 'a'.repeat(60)]) await expect(forge.scratch.put(name, [{ path: 'one.yaml', content: 'x' }], ada), name).rejects.toMatchObject({ code: 'bad-path' })
    for (const path of ['a/b.yaml', '../b.yaml', '..', '', '.git']) await expect(forge.scratch.put('ok', [{ path, content: 'x' }], ada), path).rejects.toMatchObject({ code: 'bad-path' })
  })
})
