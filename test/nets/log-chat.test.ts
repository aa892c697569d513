import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Json } from '../../petri/json.js'
import { demoNet, realLines } from '../support/demo-net.js'
import { scriptedModels } from '../support/scripted-models.js'
import { startScriptedModel, type ScriptedModel } from '../support/scripted-model/server.js'
import { startWhole, type Whole } from '../support/whole.js'

const { lines } = realLines('OpenSSH/OpenSSH_2k.log', 'nets/demo/ssh-watch/sample.log')
const folder = mkdtempSync(join(tmpdir(), 'agenticos-log-chat-'))
let model: ScriptedModel
let whole: Whole
beforeAll(async () => {
  const log = join(folder, 'nets/demo/ssh-watch/sample.log')
  mkdirSync(dirname(log), { recursive: true })
  writeFileSync(log, `${lines.join('\n')}\n--version is no option here\n`)
  model = await startScriptedModel()
  whole = await startWhole({ ...demoNet('log-chat'), 'models.yaml': scriptedModels(model) })
  await whole.executor({ AGENTICOS_EXECUTOR_MODEL_HOSTS: new URL(model.ollamaUrl).origin, AGENTICOS_EXECUTOR_ROOTS: folder })
}, 120_000)
afterAll(async () => {
  await model.close()
  rmSync(folder, { recursive: true, force: true })
})

let asked = 0
/** Asks; the agent answers with this command. */
async function ask(command: Record<string, Json>): Promise<Json> {
  const question = `question ${++asked}`
  model.script(() => ({ calls: [{ name: 'DONE', input: { summary: 'one search', result: { question, file: 'sample.log', mode: 'c', last: 1, ...command } } }] }))
  await whole.put('demo/log-chat/questions', { question })
  return whole.until('it ends', async () => [...await whole.tokens('demo/log-chat/answers'), ...await whole.tokens('demo/log-chat/_failed')].find((one) => JSON.stringify(one).includes(`"${question}"`)))
}

describe('log-chat', () => {
  it('counts and shows what the log says', async () => {
    const wrong = lines.flatMap((line, at) => (line.includes('Failed password') ? [`${at + 1}:${line}`] : []))
    expect(await ask({ text: 'Failed password' })).toMatchObject({ answer: String(wrong.length), searched: 'grep -c -F "Failed password" sample.log' })
    expect(await ask({ text: 'Failed password', mode: 'n', last: 2 })).toMatchObject({ answer: wrong.slice(-2).join('\n') })
    expect(await ask({ text: 'nothing of the kind' })).toMatchObject({ answer: '0' })
  })

  it('takes a text that a model chose as a text, whatever is in it', async () => {
    expect(await ask({ text: '--version' })).toMatchObject({ answer: '1' })
    expect(await ask({ text: '$(touch made)' })).toMatchObject({ answer: '0' })
  })

  it('says why a log cannot be read, and runs nothing that the schema does not know', async () => {
    expect(await ask({ text: 'x', file: 'missing.log' })).toMatchObject({ answer: expect.stringContaining('That could not be searched.') })
    expect(await ask({ text: 'root', file: '../../../etc/passwd' })).toMatchObject({ error: { code: 'answer-misfit' } })
    expect(await ask({ text: 'x', mode: 'r' })).toMatchObject({ error: { code: 'answer-misfit' } })
  })
})
