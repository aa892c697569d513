import { beforeEach, describe, expect, it } from 'vitest'
import { createLog } from '../../../controller/log.js'
import { openReconciler, startReconcile, type Pass } from '../../../controller/reconcile/reconcile.js'
import type { Database, Queryable } from '../../../controller/store/database.js'
import { readOrphans } from '../../../controller/store/tokens/orphans.js'
import { requestReconcile } from '../../../controller/store/views/request-reconcile.js'
import { testDatabase } from '../../support/database.js'
import { ada, bob, merged, net, session, testForge, type TestForge } from '../../support/forge.js'
import { forced } from '../../support/main-branch.js'

const log = createLog({ level: 'silent' })
let db: Database
let made: TestForge
let pass: () => Promise<Pass>

beforeEach(async () => {
  db = (await testDatabase()).database
  made = await testForge({
    'nets/alpha/session.yaml': session('alpha'), 'nets/alpha/one.yaml': net('one'), 'nets/alpha/two.yaml': net('two'),
    'nets/beta/one.yaml': net('one'),
  })
  pass = openReconciler({ db, forge: made.forge, log })
})

interface Run { session: string; generation: number; fence: number; commit: string; nets: Record<string, string> }
const runs = (): Promise<Run[]> => db.query<Run>(
  `select s.session, s.generation, s.fence, g.commit, g.nets from runtime.sessions s left join design.generations g using (session, generation) order by 1`)
const inbox = (): Promise<{ session: string; body: string }[]> => db.query(`select session, body from runtime.inbox where kind = 'revision' order by session, id`)
const repository = async () => (await db.query<{ attempted: string; applied: string; conditions: { type: string; status: string; reason: string; message: string; observedGeneration: number }[] }>(
  `select attempted, applied, conditions from design.repository`))[0]!
const ready = async () => Object.fromEntries((await repository()).conditions.map(({ type, status, reason }) => [type, `${status} ${reason}`]))
const adopt = () => db.query(`update runtime.sessions set adopted = generation`)
const revisions = (): Promise<{ commit: string; state: string; findings: { code: string }[] }[]> => db.query(`select commit, state, findings from design.revisions order by sequence`)

describe('a first commit', () => {
  it('becomes a generation, a raised fence and one inbox row for each session, and its nets become rows', async () => {
    const main = await made.forge.main()
    expect(await pass()).toEqual({ result: 'applied', waiting: ['alpha', 'beta'] })
    const all = await runs()
    expect(all).toMatchObject([{ session: 'alpha', generation: 1, commit: main }, { session: 'beta', generation: 1, commit: main }])
    expect(Object.keys(all[0]!.nets)).toEqual(['one', 'two'])
    expect(await inbox()).toEqual(['alpha', 'beta'].map((name) => ({ session: name, body: JSON.stringify({ commit: main, generation: 1 }) })))
    const rows = await db.query<{ net: string; definition: { transitions: object } }>(`select net, definition from design.nets where session = 'alpha' order by net`)
    expect(rows.map((row) => [row.net, Object.keys(row.definition.transitions).sort()])).toEqual([['one', ['large', 'note', 'rest']], ['two', ['large', 'note', 'rest']]])
    expect(await repository()).toMatchObject({ attempted: main, applied: main })
    expect(await ready()).toMatchObject({ Ready: 'Unknown Progressing', Reconciling: 'True Progressing' })
    await adopt()
    expect(await pass()).toEqual({ result: 'unchanged', waiting: [] })
    expect(await ready()).toEqual({ Ready: 'True ReconciliationSucceeded', Healthy: 'True Succeeded' })
    expect((await repository()).conditions[0]).toMatchObject({ message: `applied revision main@sha1:${main}`, observedGeneration: 1 })
  })
})

describe('a later commit', () => {
  it('touches only the sessions that it changes', async () => {
    await pass()
    const [, beta] = await runs()
    const commit = await merged(made.forge, 'Raise', { 'nets/alpha/one.yaml': net('one', { threshold: 9 }) })
    await pass()
    const [alpha, same] = await runs()
    expect(same).toEqual(beta)
    expect(alpha).toMatchObject({ generation: 2, commit })
    expect(alpha!.fence).toBeGreaterThan(0)
    expect(await inbox()).toHaveLength(3)
    expect((await db.query(`select from design.nets`)).length).toBe(4)
  })

  it('that changes no net, or only its layout or comments, moves the applied commit and little else', async () => {
    await pass()
    const before = await runs()
    const commit = await merged(made.forge, 'Words', { 'README.md': 'new words', 'nets/alpha/notes.md': 'more' })
    await pass()
    expect(await runs()).toEqual(before)
    expect(await repository()).toMatchObject({ applied: commit })
    expect((await revisions()).at(-1)).toMatchObject({ commit, state: 'applied' })
  })

  it('that takes a session away leaves it a generation without nets; its tokens are the engine’s to orphan', async () => {
    await pass()
    await merged(made.forge, 'No beta', { 'nets/beta/one.yaml': null })
    await pass()
    expect((await runs())[1]).toMatchObject({ session: 'beta', generation: 2, nets: {} })
    expect(await pass()).toMatchObject({ result: 'unchanged' })
    await merged(made.forge, 'Beta again', { 'nets/beta/one.yaml': net('one') })
    await pass()
    expect((await runs())[1]).toMatchObject({ generation: 3 })
  })
})

describe('a bad commit', () => {
  it('leaves the last good one running, and says what is wrong with it', async () => {
    const good = await made.forge.main()
    await pass()
    await adopt()
    const before = await runs()
    const bad = await forced(made.git, { 'nets/alpha/one.yaml': net('one').replace('      seen: {}', '      sen: {}'), 'nets/alpha/three.yaml': net('three') })
    expect(await pass()).toMatchObject({ result: 'refused' })
    expect(await runs()).toEqual(before)
    expect(await repository()).toMatchObject({ attempted: bad, applied: good })
    expect(await ready()).toEqual({ Ready: 'False BuildFailed', Stalled: 'True BuildFailed' })
    expect((await repository()).conditions[0]!.message).toMatch(new RegExp(`^commit ${bad.slice(0, 12)} is not applied: nets/alpha/one.yaml:\\d+: .*; ${good.slice(0, 12)} goes on running$`))
    const refused = (await revisions()).at(-1)!
    expect(refused).toMatchObject({ commit: bad, state: 'refused' })
    expect(refused.findings.length).toBeGreaterThan(0)
    await pass()
    expect((await revisions())).toHaveLength(2)

    const fixed = await forced(made.git, { 'nets/alpha/one.yaml': net('one') })
    expect(await pass()).toMatchObject({ result: 'applied' })
    expect(await repository()).toMatchObject({ applied: fixed })
    expect(Object.keys((await runs())[0]!.nets).sort()).toEqual(['one', 'three', 'two'])
  })

  it('is refused for one bad net among many', async () => {
    const files = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`nets/many/n${at}.yaml`, at === 23 ? 'apiVersion: agenticos.dev/v1\nkind: Net\nmetadata: {name: n23}\nplaces: [' : net(`n${at}`)]))
    await forced(made.git, files)
    expect(await pass()).toMatchObject({ result: 'refused' })
    const { findings } = (await revisions()).at(-1)!
    expect(new Set((findings as unknown as { level: string; file: string }[]).filter((one) => one.level === 'error').map((one) => one.file))).toEqual(new Set(['nets/many/n23.yaml']))
  })
})

describe('an apply that fails half-way', () => {
  it.each([
    [`runtime.inbox`, `new.session = 'beta'`], [`runtime.sessions`, `new.session = 'beta'`], [`design.generations`, `new.session = 'beta'`],
    [`design.revisions`, `new.state = 'applied'`], [`design.repository`, `new.applied <> old.applied`],
  ])('at %s leaves nothing behind, and is done when the cause is gone', async (table, when) => {
    await pass()
    const before = [await runs(), await inbox(), (await repository()).applied]
    const old = (await db.query<{ n: number }>(`select count(*) as n from design.generations`))[0]!.n
    const commit = await merged(made.forge, 'Both', { 'nets/alpha/one.yaml': net('one', { threshold: 9 }), 'nets/beta/one.yaml': net('one', { threshold: 9 }) })
    await db.query(`create function fail_it() returns trigger language plpgsql as $$ begin if ${when} then raise exception 'injected'; end if; return new; end $$`)
    await db.query(`create trigger fail_it before ${table === 'design.repository' ? 'update' : 'insert or update'} on ${table} for each row execute function fail_it()`)
    await expect(pass()).rejects.toThrow('injected')
    expect([await runs(), await inbox(), (await repository()).applied]).toEqual(before)
    expect((await db.query<{ n: number }>(`select count(*) as n from design.generations`))[0]!.n).toBe(old)
    expect(await ready()).toMatchObject({ Ready: 'False ReconciliationFailed', Reconciling: 'True ProgressingWithRetry' })
    await db.query(`drop trigger fail_it on ${table}`)
    expect(await pass()).toMatchObject({ result: 'applied' })
    expect(await runs()).toMatchObject([{ generation: 2, commit }, { generation: 2, commit }])
  })
})

describe('readers', () => {
  it('never see a mix of two commits, however often they look', async () => {
    await pass()
    let looking = true
    let looks = 0
    const mixes: string[][] = []
    const reader = async (): Promise<void> => {
      while (looking) {
        const commits = (await runs()).map((one) => one.commit)
        looks++
        if (new Set(commits).size !== 1) mixes.push(commits)
      }
    }
    const readers = [reader(), reader(), reader()]
    for (let at = 0; at < 12; at++) {
      await forced(made.git, { 'nets/alpha/one.yaml': net('one', { threshold: 10 + at }), 'nets/beta/one.yaml': net('one', { threshold: 10 + at }) })
      expect(await pass()).toMatchObject({ result: 'applied' })
    }
    looking = false
    await Promise.all(readers)
    expect(mixes).toEqual([])
    expect(looks).toBeGreaterThan(12)
  })
})

describe('two reconcilers', () => {
  it('apply each commit once', async () => {
    const other = openReconciler({ db, forge: made.forge, log })
    for (let at = 0; at < 8; at++) {
      await forced(made.git, { 'nets/alpha/one.yaml': net('one', { threshold: 20 + at }), 'nets/beta/one.yaml': net('one', { threshold: 20 + at }) })
      const results = (await Promise.all([pass(), other(), pass()])).map((one) => one.result)
      expect(results.filter((one) => one === 'applied').length).toBeLessThanOrEqual(1)
      while ((await pass()).result === 'superseded') continue
    }
    expect(await runs()).toMatchObject([{ generation: 8 }, { generation: 8 }])
    expect((await inbox()).map((one) => (JSON.parse(one.body) as { generation: number }).generation)).toEqual([...Array(8).keys(), ...Array(8).keys()].map((at) => at + 1))
  })

  it('one of which read an older commit, do not go back to it', async () => {
    await pass()
    const first = await forced(made.git, { 'nets/alpha/one.yaml': net('one', { threshold: 7 }) })
    let reached = (): void => {}
    let go = (): void => {}
    const inside = new Promise<void>((resolve) => { reached = resolve })
    const wait = new Promise<void>((resolve) => { go = resolve })
    const slow = openReconciler({ db, log, forge: { ...made.forge, check: async (...args) => { reached(); await wait; return made.forge.check(...args) } } })
    const late = slow()
    await inside
    const second = await forced(made.git, { 'nets/alpha/one.yaml': net('one', { threshold: 8 }) })
    expect(first).not.toBe(second)
    while ((await pass()).result !== 'applied') continue
    go()
    expect(await late).toMatchObject({ result: 'superseded' })
    expect((await runs())[0]).toMatchObject({ commit: second })
  })
})

describe('drift', () => {
  const heal = async (): Promise<string> => {
    expect(await pass()).toMatchObject({ result: 'applied' })
    const { message } = (await repository()).conditions[0]!
    await adopt()
    expect(await pass()).toMatchObject({ result: 'unchanged' })
    return message
  }

  it('in a net’s definition is healed, said, and handed to the engine as a new generation', async () => {
    await pass()
    const [{ definition }] = await db.query<{ definition: object }>(`select definition from design.nets where session = 'alpha' and net = 'one'`) as [{ definition: object }]
    await db.query(`update design.nets set definition = jsonb_set(definition, '{transitions,large,timeout}', '1') where session = 'alpha' and net = 'one'`)
    expect(await heal()).toContain('differed from git and was made equal again: alpha/one')
    expect(await db.query(`select definition from design.nets where session = 'alpha' and net = 'one'`)).toEqual([{ definition }])
    expect(await runs()).toMatchObject([{ session: 'alpha', generation: 2 }, { session: 'beta', generation: 1 }])
  })

  it('in a net’s definition is healed by a process that has just started, too', async () => {
    await pass()
    await db.query(`update design.nets set definition = '{}' where session = 'alpha' and net = 'one'`)
    pass = openReconciler({ db, forge: made.forge, log })
    expect(await heal()).toContain('alpha/one')
  })

  it.each([
    ['a deleted net', `delete from design.nets where session = 'alpha' and net = 'one'`],
    ['a deleted generation', `delete from design.generations where session = 'alpha'`],
    ['other nets in a generation', `update design.generations set nets = '{}' where session = 'alpha'`],
    ['another configuration', `update design.generations set config = config || '{"retention": 1}' where session = 'alpha'`],
    ['an older generation pointed at', `update runtime.sessions set generation = 0 where session = 'alpha'`],
    ['a deleted session', `delete from runtime.sessions where session = 'alpha'`],
  ])('of %s is healed', async (_, statement) => {
    await pass()
    const [before] = await runs()
    await db.query(statement)
    if (statement.includes('runtime.sessions') && statement.startsWith('delete')) await db.query(`delete from design.generations where session = 'alpha'`)
    await heal()
    const [after] = await runs()
    expect(after!.nets).toEqual(before!.nets)
  })
})

describe('suspended', () => {
  it('nothing is applied and nothing healed; resumed, all of it is', async () => {
    await pass()
    await requestReconcile(db, true)
    await forced(made.git, { 'nets/alpha/one.yaml': net('one', { threshold: 7 }) })
    const before = await runs()
    expect(await pass()).toEqual({ result: 'suspended', waiting: [] })
    expect(await runs()).toEqual(before)
    await requestReconcile(db, false)
    expect(await pass()).toMatchObject({ result: 'applied' })
  })
})

describe('a scratch session', () => {
  it('runs beside main, is changed and taken away without main noticing, and its faults are its own', async () => {
    await pass()
    await adopt()
    const { session: name, commit } = await made.forge.scratch.put('mine', [{ path: 'session.yaml', content: session('alpha') }, { path: 'one.yaml', content: net('one') }], ada)
    expect(name).toBe('scratch-mine')
    expect(await pass()).toEqual({ result: 'applied', waiting: ['scratch-mine'] })
    expect((await runs())[2]).toMatchObject({ session: 'scratch-mine', generation: 1, commit })
    expect((await runs())[0]).toMatchObject({ generation: 1 })

    await made.forge.scratch.put('mine', [{ path: 'one.yaml', content: 'not a net' }], ada)
    await adopt()
    await pass()
    expect((await runs())[2]).toMatchObject({ generation: 1, commit })
    expect((await revisions()).at(-1)).toMatchObject({ state: 'refused' })
    expect(await ready()).toMatchObject({ Ready: 'True ReconciliationSucceeded' })

    await made.forge.scratch.remove('mine')
    await pass()
    expect((await runs())[2]).toMatchObject({ generation: 2, nets: {} })
    expect((await runs())[0]).toMatchObject({ generation: 1 })
  })

  it('does not run from main under that name', async () => {
    await forced(made.git, { 'nets/scratch-mine/one.yaml': net('one') })
    expect(await pass()).toMatchObject({ result: 'refused' })
    expect((await revisions()).at(-1)!.findings).toMatchObject([{ code: 'scratch-session' }])
  })
})

describe('the loop', () => {
  it('applies at once when asked, though its own time has not come', async () => {
    const stop = new AbortController()
    const seen: string[] = []
    let look = (): void => {}
    await db.listen(['revision'], (_, items) => { seen.push(...items); look() }, () => {}, stop.signal)
    const applied = (commit: string): Promise<void> => new Promise((resolve) => {
      look = () => { if (seen.includes(commit)) resolve() }
      look()
    })
    const first = applied(await made.forge.main())
    const running = startReconcile({ db, forge: made.forge, log, signal: stop.signal, everyMs: 3_600_000 })
    await first
    await adopt()
    const commit = await merged(made.forge, 'Raise', { 'nets/alpha/one.yaml': net('one', { threshold: 9 }) })
    const second = applied(commit)
    await requestReconcile(db, null)
    db.notify('revision', 'requested')
    await second
    expect((await runs())[0]).toMatchObject({ generation: 2, commit })
    stop.abort()
    await running
  })
})

describe('a merge', () => {
  it('asks for a reconciliation', async () => {
    const before = made.changes()
    await made.forge.proposals.open({ title: 'x', body: '', from: { files: [{ path: 'nets/alpha/x.yaml', content: net('x') }] } }, ada)
    expect(made.changes()).toBe(before)
    await made.forge.proposals.merge(1, bob)
    expect(made.changes()).toBe(before + 1)
  })
})

describe('tokens of a place that was removed', () => {
  it('stay where they are, and are told as orphans', async () => {
    await pass()
    await db.query(`insert into runtime.tokens (session, id, place, data, created_at, produced_by)
      select 'alpha', n, place, '{}', now(), 'put' from unnest(array['one/todo', 'one/todo', 'two/todo', 'two/_failed', 'one/_failed']) with ordinality as t(place, n)`)
    expect(await readOrphans(db)).toEqual([])
    await merged(made.forge, 'No two', { 'nets/alpha/two.yaml': null })
    await pass()
    expect(await readOrphans(db)).toEqual([{ session: 'alpha', place: 'two/_failed', tokens: 1 }, { session: 'alpha', place: 'two/todo', tokens: 1 }])
  })
})

describe('a repository that has lost its main branch', () => {
  it('is a condition, changes nothing that runs, and is forgotten when main is back', async () => {
    await pass()
    await adopt()
    await pass()
    const before = await runs()
    const main = await made.forge.main()
    await made.git.run(['update-ref', '-d', 'refs/heads/main'])
    await expect(pass()).rejects.toMatchObject({ code: 'git-failed' })
    expect(await ready()).toEqual({ Ready: 'False ArtifactFailed', Reconciling: 'True ProgressingWithRetry' })
    expect(await runs()).toEqual(before)
    await made.git.run(['update-ref', 'refs/heads/main', main])
    expect(await pass()).toMatchObject({ result: 'unchanged' })
    expect(await ready()).toEqual({ Ready: 'True ReconciliationSucceeded', Healthy: 'True Succeeded' })
  })
})

describe('what did not change', () => {
  it('is neither written nor asked for: one net among 150 costs as many statements and rows as one among 3', async () => {
    const sent: string[] = []
    const counting = (inner: Queryable): Queryable => ({
      query: (text, values, name) => {
        sent.push(`${text.trim().split(/\s+/).slice(0, 3).join(' ')} ${text.includes('insert into design.nets') ? String((JSON.parse(values![0] as string) as unknown[]).length) : ''}`)
        return inner.query(text, values, name)
      },
    })
    const wrapped: Database = { ...db, ...counting(db), transaction: (run) => db.transaction((tx) => run(counting(tx))) }
    pass = openReconciler({ db: wrapped, forge: made.forge, log })
    await pass()
    const one = async (threshold: number): Promise<string[]> => {
      await forced(made.git, { 'nets/alpha/one.yaml': net('one', { threshold }) })
      sent.length = 0
      await pass()
      return [...sent]
    }
    const few = await one(8)
    expect(few.filter((text) => text.endsWith(' 1'))).toHaveLength(1)
    await forced(made.git, Object.fromEntries(Array.from({ length: 147 }, (_, at) => [`nets/s${at % 7}/n${at}.yaml`, net(`n${at}`)])))
    await pass()
    expect(await one(9)).toEqual(few)
  })
})
