import { beforeEach, describe, expect, it } from 'vitest'
import { createLog } from '../../../controller/log.js'
import { openReconciler, type Pass } from '../../../controller/reconcile/reconcile.js'
import type { Database } from '../../../controller/store/database.js'
import { CachedSettings } from '../../../controller/store/settings/cached.js'
import { readSettings } from '../../../controller/store/settings/read.js'
import { testDatabase } from '../../support/database.js'
import { merged, net, session, testForge, type TestForge } from '../../support/forge.js'
import { forced } from '../../support/main-branch.js'

let db: Database
let made: TestForge
let pass: () => Promise<Pass>

beforeEach(async () => {
  db = (await testDatabase()).database
  made = await testForge({ 'nets/alpha/session.yaml': session('alpha'), 'nets/alpha/one.yaml': net('one') })
  pass = openReconciler({ db, forge: made.forge, log: createLog({ level: 'silent' }) })
})

const generations = (): Promise<object[]> => db.query(`select session, generation, fence from runtime.sessions order by 1`)
const findings = async (): Promise<string[]> => (await db.query<{ findings: { code: string }[] }>(`select findings from design.revisions order by sequence desc limit 1`))[0]!.findings.map(({ code }) => code)

describe('models.yaml and policy.yaml', () => {
  const MODELS = 'apiVersion: agenticos.dev/v1\nkind: Models\nmodels:\n  small: {provider: ollama, model: x, price: {input: 0.15, output: 0.60}}\n'
  const POLICY = 'apiVersion: agenticos.dev/v1\nkind: Policy\nbudgets: [{name: all, usd: 2.00, per: day}]\n'

  it('are written as the commit says, though no session changes, and whoever listens is told', async () => {
    await pass()
    expect(await readSettings(db)).toMatchObject({ commit: await made.forge.main(), models: { models: {} }, policy: { budgets: [] } })
    const before = await generations()
    const told: string[] = []
    const ending = new AbortController()
    const heard = new Promise<void>((resolve) => {
      void db.listen(['revision'], (_, items) => { told.push(...items); resolve() }, () => {}, ending.signal)
    })
    const commit = await merged(made.forge, 'A model', { 'models.yaml': MODELS, 'policy.yaml': POLICY })
    expect(await pass()).toMatchObject({ result: 'applied' })
    expect(await generations()).toEqual(before)
    const written = await readSettings(db)
    expect(written).toMatchObject({ commit, policy: { budgets: [{ name: 'all', sessions: ['*'], micros: 2_000_000, per: 'day' }] } })
    expect(written.models).toMatchObject({ default: 'small', models: { small: { price: { input: 150_000, cached: 150_000, output: 600_000 }, url: 'http://127.0.0.1:11434' } } })
    await heard
    ending.abort()
    expect(told).toContain(commit)
    expect(await pass()).toMatchObject({ result: 'unchanged' })
  })

  it('that are broken leave the last good ones, and what another hand changed is made equal again', async () => {
    await merged(made.forge, 'A model', { 'models.yaml': MODELS })
    await pass()
    const good = await readSettings(db)
    await forced(made.git, { 'models.yaml': MODELS.replace('price: {input: 0.15, output: 0.60}', 'title: Free') })
    expect(await pass()).toMatchObject({ result: 'refused' })
    expect(await findings()).toEqual(['model-without-price'])
    expect(await readSettings(db)).toEqual(good)
    await db.query(`update design.settings set models = '{"tiers": {}, "models": {}}'`)
    await pass()
    expect(await readSettings(db)).toEqual(good)
  })

  it('are read by those who ask often at most once a second, and at once by who was told', async () => {
    await pass()
    const settings = new CachedSettings(db)
    const first = await settings.get()
    await merged(made.forge, 'A policy', { 'policy.yaml': POLICY })
    await pass()
    expect((await settings.fresh()).policy.budgets).toHaveLength(1)
    expect(first.policy.budgets).toEqual([])
    expect(settings.get()).toBe(settings.get())
  })
})
