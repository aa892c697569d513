import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API } from '../../protocol/api.js'
import { demoNet, realLines } from '../support/demo-net.js'
import { scriptedModels } from '../support/scripted-models.js'
import { startScriptedModel, type ScriptedModel } from '../support/scripted-model/server.js'
import { startWhole, type Whole } from '../support/whole.js'

/** What each kind of line is, by what sshd says: the truth that the classes are scored against. */
function truthOf(line: string): 'attack' | 'login' | 'noise' {
  if (/Failed password|Invalid user|POSSIBLE BREAK-IN|authentication failure|maximum authentication/.test(line)) return 'attack'
  return /Accepted password|session opened|session closed/.test(line) ? 'login' : 'noise'
}

const { lines } = realLines('OpenSSH/OpenSSH_2k.log', 'nets/demo/ssh-watch/sample.log')
/** A line of which a model may rightly be unsure: it follows a failure, and is none itself. */
const unsure = (line: string): boolean => /Received disconnect/.test(line)
const chosen = lines.filter((line, nth) => nth < 40 && !unsure(line))
const doubted = lines.filter(unsure).slice(0, 3)

let model: ScriptedModel
let whole: Whole
beforeAll(async () => {
  model = await startScriptedModel()
  model.script(({ first }) => {
    const line = first.trim()
    if (line.includes('nonsense')) return { text: '{"class": "alien", "confidence": 1}' }
    return { text: JSON.stringify({ class: truthOf(line), confidence: unsure(line) ? 0.5 : 0.95 }) }
  })
  whole = await startWhole({ ...demoNet('triage'), 'models.yaml': scriptedModels(model) })
  await whole.executor({ AGENTICOS_EXECUTOR_MODEL_HOSTS: new URL(model.ollamaUrl).origin })
}, 120_000)
afterAll(() => model.close())

interface Sorted { readonly text: string; readonly class: string; readonly by: string }
const sorted = async () => await whole.tokens('demo/triage/sorted') as unknown as Sorted[]
const put = (list: readonly string[]) => whole.client.call(API.putTokens, { params: { session: 'demo', net: 'triage', place: 'lines' }, body: list.map((text) => ({ text })) })
const awaited = async () => (await whole.client.call(API.listProposals, { query: { state: 'open' } })).items

describe('triage', () => {
  it('sorts at once what the model is sure of, each line as it truly is', async () => {
    await put(chosen)
    const all = await whole.until('all are sorted', async () => (await sorted()).length === chosen.length && sorted())
    expect(all.filter((one) => one.class !== truthOf(one.text) || one.by !== 'model')).toEqual([])
  }, 120_000)

  it('asks a person about each line that it doubts, and sorts it by their merge', async () => {
    await put(doubted)
    const asked = await whole.until('the doubts are proposed', async () => {
      const open = await awaited()
      return open.length === doubted.length && open
    })
    expect(await whole.tokens('demo/triage/doubts')).toHaveLength(doubted.length)
    const [agreed, refused] = asked
    await whole.client.call(API.mergeProposal, { params: { proposal: agreed!.number }, body: { comment: '' } })
    await whole.client.call(API.closeProposal, { params: { proposal: refused!.number }, body: { comment: 'not noise' } })
    const one = await whole.until('it is sorted by a person', async () => (await sorted()).find(({ by }) => by !== 'model'))
    expect(one.class).toBe(truthOf(one.text))
    const aside = await whole.until('the other is set aside', async () => (await whole.tokens('demo/triage/unsorted')).length === 1 && whole.tokens('demo/triage/unsorted'))
    expect(aside[0]).toMatchObject({ why: expect.stringMatching(/^rejected: .*not noise/) })
    expect(await awaited()).toHaveLength(doubted.length - 2)
  }, 120_000)

  it('sets a line aside that the model has no class for, after it was asked again', async () => {
    const before = model.calls.length
    await put(['nonsense'])
    await whole.until('it is set aside', async () => (await whole.tokens('demo/triage/unsorted')).length === 2)
    expect(model.calls.length - before).toBeGreaterThanOrEqual(3)
    expect((await sorted()).map(({ text }) => text)).not.toContain('nonsense')
  })
})
