import { describe, expect, it, onTestFinished } from 'vitest'
import { openBare } from '../../../controller/forge/bare.js'
import type { Forge } from '../../../controller/forge/forge.js'
import type { Git } from '../../../controller/forge/git.js'
import { createLog } from '../../../controller/log.js'
import { ada, bob, merged, net, robot, session, testForge } from '../../support/forge.js'

const NETS = { 'nets/demo/session.yaml': session('demo'), 'nets/demo/sort.yaml': net('sort') }
const from = (files: Readonly<Record<string, string | null>>) => ({ files: Object.entries(files).map(([path, content]) => ({ path, content })) })

describe('a proposal', () => {
  it('goes from files to main by way of a plan, a comment, an approval and a merge that says all of it', async () => {
    const { forge, git, changes } = await testForge(NETS)
    const before = await forge.main()
    const { number } = await forge.proposals.open({ title: 'Raise the threshold', body: 'Too many large ones.', from: from({ 'nets/demo/sort.yaml': net('sort', { threshold: 9 }) }) }, ada)
    expect(number).toBe(1)
    const shown = await forge.proposals.show(1)
    expect(shown).toMatchObject({ mergeable: true, reason: '', record: { state: 'open', by: 'ada', base: before } })
    expect(shown.verdict.files).toEqual(['nets/demo/sort.yaml'])
    expect(shown.verdict.plan.nets).toMatchObject([{ session: 'demo', net: 'sort', verb: 'change', places: [], transitions: [{ name: 'large', verb: 'change' }] }])
    expect(shown.verdict.findings.filter((one) => one.level === 'error')).toEqual([])

    await forge.proposals.comment(1, bob, 'Nine it is.')
    await forge.proposals.approve(1, bob, 'fine')
    await forge.proposals.approve(1, bob, 'fine again')
    expect((await forge.proposals.show(1)).approvals).toMatchObject([{ by: 'bob', comment: 'fine' }])
    expect(changes()).toBe(0)
    const { merged: done, state } = await forge.proposals.merge(1, { name: 'eve' })
    expect(state).toBe('merged')
    expect(changes()).toBe(1)
    expect(await forge.main()).toBe(done!.commit)
    expect(await git.text(['log', '-1', '--format=%s|%an|%P|%(trailers:key=Proposal,valueonly,separator=;)|%(trailers:key=Proposed-by,valueonly,separator=;)|%(trailers:key=Approved-by,valueonly,separator=;)|%(trailers:key=Verdict,valueonly,separator=;)', 'main']))
      .toMatch(new RegExp(`^Raise the threshold \\(proposal 1\\)\\|eve\\|${before} ${shown.record.head}\\|1\\|ada\\|bob;eve\\|(clean|\\d+ .+)$`))
    expect(await git.text(['log', '--format=%an: %s', 'refs/proposals/1/meta'])).toBe(
      `eve: eve: merged as ${done!.commit}\nbob: bob: approved\nbob: bob: commented\nada: ada: opened: Raise the threshold`)
    expect((await forge.proposals.show(1)).verdict.plan.nets).toHaveLength(1)
  })

  it('lives in refs alone: a clone with refs/* shows it as it is', async () => {
    const { forge, git } = await testForge(NETS)
    await forge.proposals.open({ title: 'One', body: 'why', from: from({ 'nets/demo/two.yaml': net('two') }) }, ada)
    await forge.proposals.comment(1, bob, 'hm')
    const other = await testForge()
    // The runner allows no transport on purpose; the files are what a clone copies.
    const bundle = `${other.dataDir}/all.bundle`
    await git.run(['bundle', 'create', bundle, '--all'])
    await other.git.run(['-c', 'protocol.allow=always', 'fetch', '--quiet', bundle, '+refs/*:refs/*'])
    expect(await other.forge.proposals.read(1)).toEqual(await forge.proposals.read(1))
    expect(await other.forge.main()).toBe(await forge.main())
  })

  it('is refused when it would change nothing, when its branch is none, and when the branch is proposed already', async () => {
    const { forge, git } = await testForge(NETS)
    await expect(forge.proposals.open({ title: 'x', body: '', from: from(NETS) }, ada)).rejects.toMatchObject({ code: 'nothing-to-propose' })
    for (const branch of ['--upload-pack=touch /tmp/agenticos-was-here', '../../etc', 'main', 'a..b', ''])
      await expect(forge.proposals.open({ title: 'x', body: '', from: { branch } }, ada)).rejects.toMatchObject({ code: 'bad-branch' })
    await expect(forge.proposals.open({ title: 'x', body: '', from: { branch: 'gone' } }, ada)).rejects.toMatchObject({ code: 'not-found', remedy: 'Push it first: git push origin HEAD:gone.' })
    await expect(forge.proposals.read(7)).rejects.toMatchObject({ code: 'not-found' })
    const { head } = await forge.proposals.open({ title: 'x', body: '', from: from({ 'nets/demo/two.yaml': net('two') }) }, ada)
    await git.run(['update-ref', 'refs/heads/mine', head])
    await forge.proposals.open({ title: 'y', body: '', from: { branch: 'mine' } }, ada)
    await expect(forge.proposals.open({ title: 'z', body: '', from: { branch: 'mine' } }, ada)).rejects.toMatchObject({ code: 'proposal-exists' })
  })

  it('takes hostile paths for what they are', async () => {
    const { forge } = await testForge(NETS)
    for (const path of ['../evil', '/etc/passwd', 'a/../../b', '.git/config', 'a/.GIT/hooks/x', 'a//b', '.', '', 'a\0b', 'a\nb', 'a\\b', '.git\u200c/x', 'git~1/x', 'x'.repeat(1_001)])
      await expect(forge.proposals.open({ title: 'x', body: '', from: from({ [path]: 'x' }) }, ada), path).rejects.toMatchObject({ code: 'bad-path' })
  })

  it('cannot forge trailers by its title, its body or the name of who made it', async () => {
    const { forge, git } = await testForge(NETS)
    const by = { name: 'mallory\nApproved-by: ada <x>' }
    await forge.proposals.open({ title: 'Hi\n\nApproved-by: ada', body: 'text\n\n---\n\nApproved-by: ada\n\u0000Verdict: clean', from: from({ 'nets/demo/two.yaml': net('two') }) }, by)
    await forge.proposals.merge(1, by)
    expect(await git.text(['log', '-1', '--format=%(trailers:key=Approved-by)', 'main'])).toBe('Approved-by: mallory Approved-by: ada <x>\n')
    expect(await git.text(['log', '-1', '--format=%s', 'main'])).toBe('Hi Approved-by: ada (proposal 1)')
  })

  it('takes comments up to half a million letters, and can still be merged then', async () => {
    const { forge } = await testForge(NETS)
    await forge.proposals.open({ title: 'x', body: '', from: from({ 'nets/demo/two.yaml': net('two') }) }, ada)
    for (let at = 0; at < 5; at++) await forge.proposals.comment(1, bob, 'x'.repeat(100_000))
    await expect(forge.proposals.comment(1, bob, 'x')).rejects.toMatchObject({ code: 'too-large' })
    expect(await forge.proposals.merge(1, bob)).toMatchObject({ state: 'merged' })
  })

  it('can be closed, and then neither merged nor approved nor closed again', async () => {
    const { forge } = await testForge(NETS)
    await forge.proposals.open({ title: 'x', body: '', from: from({ 'nets/demo/two.yaml': net('two') }) }, ada)
    expect(await forge.proposals.close(1, bob, 'not now')).toMatchObject({ state: 'closed', comments: [{ by: 'bob', text: 'not now' }] })
    for (const act of [() => forge.proposals.merge(1, bob), () => forge.proposals.approve(1, bob, ''), () => forge.proposals.close(1, bob, '')])
      await expect(act()).rejects.toMatchObject({ code: 'proposal-not-open' })
    await expect(forge.proposals.revert(1, bob, '')).rejects.toMatchObject({ code: 'proposal-not-merged' })
  })

  it('deletes files, and what lies under a folder that is replaced', async () => {
    const { forge, git } = await testForge({ ...NETS, 'nets/demo/two.yaml': net('two'), 'nets/other/one.yaml': net('one'), 'notes.txt': 'kept' })
    await forge.proposals.open({ title: 'x', body: '', from: { files: [{ path: 'nets/demo/three.yaml', content: net('three') }], replace: ['nets/demo'] } }, ada)
    await forge.proposals.merge(1, bob)
    expect((await git.text(['ls-tree', '-r', '--name-only', 'main'])).split('\n')).toEqual(['README.md', 'nets/demo/three.yaml', 'nets/other/one.yaml', 'notes.txt'])
  })

  it('is neither approved nor merged by an agent', async () => {
    const { forge } = await testForge(NETS)
    await forge.proposals.open({ title: 'x', body: '', from: from({ 'nets/demo/two.yaml': net('two') }) }, robot)
    await expect(forge.proposals.approve(1, robot, '')).rejects.toMatchObject({ code: 'approval-refused', message: 'robot is an agent, and agents do not approve' })
    await expect(forge.proposals.merge(1, robot)).rejects.toMatchObject({ code: 'approval-refused' })
  })
})

describe('a merge', () => {
  it('is refused on errors in what it would make of main, and says the first', async () => {
    const { forge } = await testForge(NETS)
    await forge.proposals.open({ title: 'x', body: '', from: from({ 'nets/demo/sort.yaml': net('sort').replace('from: todo, where', 'from: nowhere, where') }) }, ada)
    const error = await forge.proposals.merge(1, bob).catch((caught: unknown) => caught as Error & { code: string })
    expect(error).toMatchObject({ code: 'merge-findings' })
    expect((error as Error).message).toMatch(/^with proposal 1 the nets would have (an error|\d+ errors): nets\/demo\/sort\.yaml:\d+: /)
    expect(await forge.proposals.show(1)).toMatchObject({ mergeable: false })
  })

  it('is refused when both sides changed the same lines, and goes through after the branch was brought up to date', async () => {
    const { forge, git } = await testForge(NETS)
    const mine = await forge.proposals.open({ title: 'mine', body: '', from: from({ 'nets/demo/sort.yaml': net('sort', { threshold: 7 }) }) }, ada)
    await git.run(['update-ref', 'refs/heads/mine', mine.head])
    await forge.proposals.close(1, ada, '')
    await forge.proposals.open({ title: 'mine', body: '', from: { branch: 'mine' } }, ada)
    const other = await merged(forge, 'theirs', { 'nets/demo/sort.yaml': net('sort', { threshold: 9 }) })
    await expect(forge.proposals.merge(2, bob)).rejects.toMatchObject({ code: 'merge-conflict', details: { conflicts: ['nets/demo/sort.yaml'] } })
    const tree = await git.text(['rev-parse', `${mine.head}^{tree}`])
    const head = await git.text(['-c', 'user.name=x', '-c', 'user.email=x@x', 'commit-tree', tree, '-p', mine.head, '-p', other, '-m', 'Take mine'])
    await git.run(['update-ref', 'refs/heads/mine', head])
    expect(await forge.proposals.pushed('mine', head, ada)).toBe(2)
    expect(await forge.proposals.merge(2, bob)).toMatchObject({ state: 'merged' })
  })

  it('is refused on a stale base that changed the same element in other lines', async () => {
    const { forge } = await testForge({ ...NETS, 'nets/demo/sort.yaml': net('sort') })
    const text = net('sort')
    const described = text.replace('  large:\n    kind: pass\n', '  large:\n    title: Large ones\n    kind: pass\n')
    const retimed = text.replace('      big: {}\n', '      big: {}\n    timeout: 5s\n')
    await forge.proposals.open({ title: 'title', body: '', from: from({ 'nets/demo/sort.yaml': described }) }, ada)
    await merged(forge, 'timeout', { 'nets/demo/sort.yaml': retimed })
    await expect(forge.proposals.merge(1, bob)).rejects.toMatchObject({ code: 'stale-base', details: { overlaps: ['demo/sort/large'] } })
    expect((await forge.proposals.show(1)).verdict.conflicts).toEqual([])
  })

  it('joins what two proposals changed in different keys of a session’s configuration, and refuses the same key', async () => {
    const lines = `${session('demo')}params:\n  a: 1\n\n\n\n  b: 1\n\n\n\n  c: 1\n`
    const { forge } = await testForge({ ...NETS, 'nets/demo/session.yaml': lines })
    for (const [change, by] of [['a: 2', 'b'], ['c: 3', 'c']] as const)
      await forge.proposals.open({ title: by, body: '', from: from({ 'nets/demo/session.yaml': lines.replace(`${change[0]!}: 1`, change) }) }, ada)
    await forge.proposals.open({ title: 'late', body: '', from: from({ 'nets/demo/session.yaml': `${lines.replace('  a: 1\n', '')}  a: 4\n` }) }, ada)
    await forge.proposals.merge(1, bob)
    await forge.proposals.merge(2, bob)
    expect((await forge.check(await forge.main())).sessions.get('demo')!.config.params).toEqual({ a: 2, b: 1, c: 3 })
    await expect(forge.proposals.merge(3, bob)).rejects.toMatchObject({ code: expect.stringMatching(/merge-conflict|stale-base/) as string })
    expect((await forge.proposals.show(3)).verdict.overlaps).toEqual(['demo/session.yaml params.a'])
  })

  it('joins what two proposals changed in different elements of one net', async () => {
    const { forge } = await testForge(NETS)
    const text = net('sort')
    await forge.proposals.open({ title: 'one', body: '', from: from({ 'nets/demo/sort.yaml': text.replace('>= 5', '>= 6') }) }, ada)
    await merged(forge, 'two', { 'nets/demo/sort.yaml': text.replace('      seen: {}', '      seen: {}\n    timeout: 9s') })
    await forge.proposals.merge(1, bob)
    const definition = (await forge.check(await forge.main())).sessions.get('demo')!.nets.get('sort')!.net!
    expect(definition.transitions['large']!.inputs[0]!.where).toContain('6')
    expect(definition.transitions['note']!.timeout).toBe(9_000)
  })

  it('counts approvals for the head they were given for, and for no later one', async () => {
    const { forge, git } = await testForge({ ...NETS, 'policy.yaml': 'apiVersion: agenticos.dev/v1\nkind: Policy\napprovals: [{by: [bob]}]\n' })
    const first = await forge.proposals.open({ title: 'x', body: '', from: from({ 'nets/demo/two.yaml': net('two') }) }, ada)
    await git.run(['update-ref', 'refs/heads/mine', first.head])
    await forge.proposals.open({ title: 'y', body: '', from: { branch: 'mine' } }, ada)
    await forge.proposals.approve(2, bob, '')
    expect(await forge.proposals.show(2)).toMatchObject({ mergeable: true })
    const tree = await git.text(['rev-parse', `${first.head}^{tree}`])
    const next = await git.text(['-c', 'user.name=x', '-c', 'user.email=x@x', 'commit-tree', tree, '-p', first.head, '-m', 'Sneak something in'])
    await forge.proposals.pushed('mine', next, ada)
    expect(await forge.proposals.show(2)).toMatchObject({ mergeable: false, approvals: [] })
    await expect(forge.proposals.merge(2, ada)).rejects.toMatchObject({ code: 'approval-missing' })
    expect(await forge.proposals.merge(2, bob)).toMatchObject({ state: 'merged' })
  })

  it('obeys the policy of main, not the one that the proposal brings', async () => {
    const policy = (by: string): string => `apiVersion: agenticos.dev/v1\nkind: Policy\napprovals:\n  - by: [${by}]\n`
    const { forge } = await testForge({ ...NETS, 'policy.yaml': policy('bob') })
    await forge.proposals.open({ title: 'x', body: '', from: from({ 'policy.yaml': policy('mallory'), 'nets/demo/two.yaml': net('two') }) }, ada)
    await expect(forge.proposals.approve(1, { name: 'mallory' }, '')).rejects.toMatchObject({ code: 'approval-refused' })
    await expect(forge.proposals.merge(1, { name: 'mallory' })).rejects.toMatchObject({ code: 'approval-missing' })
    await forge.proposals.approve(1, bob, '')
    expect(await forge.proposals.merge(1, { name: 'mallory' })).toMatchObject({ state: 'merged' })
    // From here on it is mallory who may.
    await forge.proposals.open({ title: 'y', body: '', from: from({ 'nets/demo/two.yaml': null }) }, ada)
    await expect(forge.proposals.merge(2, bob)).rejects.toMatchObject({ code: 'approval-missing' })
  })

  it('never lets a broken policy into main', async () => {
    const { forge } = await testForge(NETS)
    await forge.proposals.open({ title: 'x', body: '', from: from({ 'policy.yaml': 'kind: Policy\naprovals: []\n' }) }, ada)
    await expect(forge.proposals.merge(1, bob)).rejects.toMatchObject({ code: 'merge-findings' })
  })
})

describe('a revert', () => {
  it('is a proposal that takes back the merge and nothing that came later', async () => {
    const { forge, git } = await testForge(NETS)
    const first = await merged(forge, 'Add two', { 'nets/demo/two.yaml': net('two') })
    await merged(forge, 'Add three', { 'nets/demo/three.yaml': net('three') })
    const opened = await forge.proposals.revert(1, bob, 'It was too early.')
    expect(opened).toMatchObject({ number: 3, title: 'Revert “Add two”', reverts: 1, body: `It was too early.\n\nUndoes proposal 1, merged as ${first}.` })
    expect((await forge.proposals.show(3)).verdict.plan.nets).toMatchObject([{ net: 'two', verb: 'remove' }])
    await forge.proposals.merge(3, bob)
    expect((await git.text(['ls-tree', '--name-only', 'main:nets/demo'])).split('\n')).toEqual(['session.yaml', 'sort.yaml', 'three.yaml'])
    expect(await git.text(['log', '-1', '--format=%(trailers:key=Reverts,valueonly)', 'main'])).toBe('1\n')
    await expect(forge.proposals.revert(1, bob, '')).rejects.toMatchObject({ code: 'nothing-to-propose' })
  })
})

describe('two controllers on one repository', () => {
  /** The same repository, opened twice more: each takes turns with itself alone. */
  async function both(): Promise<{ forges: readonly Forge[]; forge: Forge; git: Git }> {
    const { forge, git, dataDir } = await testForge(NETS)
    const more = await Promise.all([0, 1].map(() => openBare({ dataDir, log: createLog({ level: 'silent' }), changed: () => {} })))
    onTestFinished(() => more.forEach((one) => one.close()))
    return { forges: [forge, ...more], forge, git }
  }

  it('give proposals different numbers', async () => {
    const { forges } = await both()
    const all = await Promise.all(Array.from({ length: 8 }, (_, at) =>
      forges[at % 3]!.proposals.open({ title: `n${at}`, body: '', from: from({ [`nets/demo/n${at}.yaml`]: net(`n${at}`) }) }, ada)))
    expect(all.map((one) => one.number).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  it('merge one after the other, and lose none of their changes', async () => {
    const { forges, forge, git } = await both()
    for (let at = 0; at < 5; at++) await forge.proposals.open({ title: `n${at}`, body: '', from: from({ [`nets/demo/n${at}.yaml`]: net(`n${at}`) }) }, ada)
    await Promise.all([1, 2, 3, 4, 5].map((number) => forges[number % 3]!.proposals.merge(number, bob)))
    expect((await git.text(['ls-tree', '--name-only', 'main:nets/demo'])).split('\n')).toEqual(['n0.yaml', 'n1.yaml', 'n2.yaml', 'n3.yaml', 'n4.yaml', 'session.yaml', 'sort.yaml'])
    expect((await git.text(['log', '--first-parent', '--format=%s', 'main'])).split('\n')).toHaveLength(6)
  })

  it('merge the same proposal once', async () => {
    const { forges, forge, git } = await both()
    await forge.proposals.open({ title: 'x', body: '', from: from({ 'nets/demo/two.yaml': net('two') }) }, ada)
    const results = await Promise.allSettled(forges.map((one) => one.proposals.merge(1, bob)))
    expect(results.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
    expect((await git.text(['log', '--merges', '--format=%h', 'main'])).split('\n')).toHaveLength(1)
  })

  it('keep every comment', async () => {
    const { forges, forge } = await both()
    await forge.proposals.open({ title: 'x', body: '', from: from({ 'nets/demo/two.yaml': net('two') }) }, ada)
    await Promise.all(Array.from({ length: 8 }, (_, at) => forges[at % 3]!.proposals.comment(1, bob, `c${at}`)))
    expect((await forge.proposals.read(1)).comments.map((one) => one.text).sort()).toEqual(['c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7'])
  })
})
