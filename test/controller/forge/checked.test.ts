import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openBlobs } from '../../../controller/forge/blobs.js'
import { openChecker, type Checked } from '../../../controller/forge/checked.js'
import { writeTree } from '../../../controller/forge/write-tree.js'
import { net, session, testForge } from '../../support/forge.js'

const owner = (capacity: number): string => `apiVersion: agenticos.dev/v1
kind: Net
metadata:
  name: owner
places:
  hub: {category: task, capacity: ${capacity}, open: ["*"]}
  done: {category: learning}
transitions:
  take:
    kind: pass
    in: {job: {from: hub, where: '$.kind == "a"'}}
    out: {done: {}}
`
const sharer = (name: string, kind: string): string => `apiVersion: agenticos.dev/v1
kind: Net
metadata:
  name: ${name}
places:
  hub: {shares: owner/hub}
  out: {category: learning}
transitions:
  take:
    kind: pass
    in: {job: {from: hub, ${kind}}}
    out: {out: {}}
`
const sender = (to: string): string => `apiVersion: agenticos.dev/v1
kind: Net
metadata:
  name: sender
places:
  start: {category: task}
  far: {category: task, sends: ${to}}
transitions:
  send:
    kind: pass
    in: {job: start}
    out: {far: {}}
`
const asker = (model: string): string => `apiVersion: agenticos.dev/v1
kind: Net
metadata:
  name: asker
places:
  asked: {category: task}
  told: {category: task}
transitions:
  help:
    kind: agent
    in: {question: asked}
    do: {prompt: 'Answer \${question.text}', role: rwx${model}}
    out: {told: {}}
`
const models = (names: readonly string[], price = 'free'): string => `apiVersion: agenticos.dev/v1
kind: Models
models:
${names.map((name) => `  ${name}: {provider: ollama, model: x, price: ${price}}\n`).join('')}`
const policy = (rest: string): string => `apiVersion: agenticos.dev/v1\nkind: Policy\n${rest}`
const PAID = '{input: 0.1, output: 0.2}'
/** What each file may be, over time. */
const VARIANTS: Readonly<Record<string, readonly (string | null)[]>> = {
  'nets/a/session.yaml': [null, session('a'), `${session('a')}params: {limit: 3}\n`],
  'nets/a/owner.yaml': [null, owner(5), owner(9), 'kind: ['],
  'nets/a/left.yaml': [null, sharer('left', 'otherwise: true'), sharer('left', `where: '$.kind == "b"'`)],
  'nets/a/right.yaml': [null, sharer('right', `where: '$.kind == "c"'`), sharer('right', 'otherwise: true')],
  'nets/a/alone.yaml': [null, net('alone'), net('alone', { threshold: 7 })],
  'nets/b/asker.yaml': [null, asker(''), asker(', model: small'), asker(', model: fast')],
  'models.yaml': [null, models(['small', 'large']), models(['large', 'small'], PAID), 'kind: ['],
  'policy.yaml': [null, policy('agents: [{sessions: [b], role: rw}]\n'), policy('budgets: [{name: all, usd: 1.00, per: day}]\n'), 'kind: ['],
  'nets/b/sender.yaml': [null, sender('a/owner/hub'), sender('a/owner/gone'), sender('a/alone/todo')],
}

const plain = (checked: Checked): unknown => ({
  findings: checked.findings.map((one) => JSON.stringify(one)).sort(),
  sessions: [...checked.sessions].map(([name, { config, nets }]) => [name, config, [...nets.values()]]),
})

describe('checking one commit after the other', () => {
  it('finds what checking each from nothing finds, and gives equal nets equal identities', async () => {
    const { git } = await testForge()
    const blobs = openBlobs(git)
    const paths = Object.keys(VARIANTS)
    const step = fc.record({ path: fc.constantFrom(...paths), pick: fc.nat(3) })
    const definitions = new Map<string, string>()
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 8 }), async (steps) => {
      const lasting = openChecker(git, blobs)
      const state = new Map<string, string | null>(paths.map((path) => [path, VARIANTS[path]![1] ?? null]))
      for (const { path, pick } of steps) {
        state.set(path, VARIANTS[path]![pick % VARIANTS[path]!.length] ?? null)
        const files = [...state].flatMap(([file, content]) => (content === null ? [] : [{ path: file, content }]))
        const tree = await writeTree(git, undefined, { files })
        const [known, fresh] = [await lasting.check(tree), await openChecker(git, blobs).check(tree)]
        expect(plain(known)).toEqual(plain(fresh))
        for (const { nets } of known.sessions.values())
          for (const one of nets.values()) {
            const text = JSON.stringify(one.net ?? null)
            expect(definitions.get(one.identity) ?? text).toBe(text)
            definitions.set(one.identity, text)
          }
      }
    }), { numRuns: 12 })
    blobs.close()
  })

  it('gives a net that shares a place another identity when the owner changes, and leaves the others alone', async () => {
    const { git } = await testForge()
    const blobs = openBlobs(git)
    const checker = openChecker(git, blobs)
    const files = (capacity: number) => [
      { path: 'nets/a/owner.yaml', content: owner(capacity) }, { path: 'nets/a/left.yaml', content: sharer('left', 'otherwise: true') }, { path: 'nets/a/alone.yaml', content: net('alone') },
    ]
    const identities = async (capacity: number): Promise<Record<string, string>> => {
      const { sessions } = await checker.check(await writeTree(git, undefined, { files: files(capacity) }))
      return Object.fromEntries([...sessions.get('a')!.nets].map(([name, one]) => [name, one.identity]))
    }
    const [before, after] = [await identities(5), await identities(6)]
    expect(after['owner']).not.toBe(before['owner'])
    expect(after['left']).not.toBe(before['left'])
    expect(after['alone']).toBe(before['alone'])
    expect(await identities(5)).toEqual(before)
    blobs.close()
  })

  it('asks models.yaml and policy.yaml for no more than a net depends on', async () => {
    const { git } = await testForge()
    const blobs = openBlobs(git)
    const checker = openChecker(git, blobs)
    const look = async (settings: Readonly<Record<string, string>>, model = ', model: small') => {
      const files = { 'nets/b/asker.yaml': asker(model), 'nets/b/alone.yaml': net('alone'), ...settings }
      const { sessions, findings } = await checker.check(await writeTree(git, undefined, { files: Object.entries(files).map(([path, content]) => ({ path, content })) }))
      const { asker: asks, alone } = Object.fromEntries([...sessions.get('b')!.nets].map(([name, one]) => [name, one.identity]))
      return { asks, alone, told: findings.map(({ code, level }) => `${level} ${code}`) }
    }
    const first = await look({ 'models.yaml': models(['small']) })
    expect(first.told).toEqual([])
    const more = await look({ 'models.yaml': models(['small', 'other'], 'free').replace('model: x', 'model: y') })
    expect(more).toEqual(first)
    expect(await look({ 'models.yaml': models(['small'], PAID) })).toMatchObject({ alone: first.alone, told: ['warning cost-without-cap'] })
    expect(await look({ 'models.yaml': models(['small'], PAID), 'policy.yaml': policy('budgets: [{name: all, sessions: [b], usd: 1.00, per: day}]\n') })).toMatchObject({ alone: first.alone, told: [] })
    const refused = await look({ 'models.yaml': models(['small']), 'policy.yaml': policy('agents: [{sessions: [b], role: rwl}]\n') })
    expect(refused).toMatchObject({ alone: first.alone, told: ['error role-above-policy'] })
    expect(refused.asks).not.toBe(first.asks)
    expect((await look({ 'models.yaml': models(['small']) }, ', model: smal')).told).toEqual(['error unknown-model', 'warning cost-without-cap'])
    expect((await look({})).told).toEqual(['info no-model'])
    expect((await look({ 'models.yaml': 'kind: [' })).told).toEqual(['error yaml-syntax', 'warning cost-without-cap'])
    expect((await look({ 'models.yaml': models(['small']), 'policy.yaml': 'kind: [' })).told).toEqual(['error yaml-syntax'])
    blobs.close()
  })

  it('leaves main’s settings out of a scratch session', async () => {
    const { git } = await testForge()
    const blobs = openBlobs(git)
    const tree = await writeTree(git, undefined, { files: [{ path: 'nets/scratch-b/asker.yaml', content: asker(', model: small') }] })
    const { sessions, findings } = await openChecker(git, blobs).check(tree, 'scratch-b')
    expect(findings.map(({ code }) => code)).toEqual(['cost-without-cap'])
    expect(sessions.get('scratch-b')!.nets.get('asker')!.net).toBeDefined()
    blobs.close()
  })
})
