// The whole evaluation, as `npm run eval` runs it, with a scripted model behind the real wire: every task can be done with the
// tools as they are, and a model that does it wrong is told apart from one that does it right.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { TASKS } from '../../evals/catalog.js'
import { scripted } from '../../evals/solution.js'
import type { Score } from '../../evals/run-task.js'
import { packageRoot } from '../../controller/package-root.js'
import { run } from '../support/river.js'
import { startScriptedModel, type ScriptedModel } from '../support/scripted-model/server.js'

const folder = mkdtempSync(join(tmpdir(), 'agenticos-eval-test-'))
let model: ScriptedModel
// a model of its own for each test: it answers a call that it knows by its key as before
beforeEach(async () => {
  model = await startScriptedModel()
  writeFileSync(join(folder, 'models.yaml'), `apiVersion: agenticos.dev/v1\nkind: Models\nmodels:\n  scripted: {provider: openai, url: '${model.url}', model: scripted, context: 200000, price: {input: 1.00, output: 2.00}}\n`)
})
afterEach(() => model.close())
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function evaluate(...args: string[]): Promise<{ code: number | null; scores: Score[]; err: string }> {
  const { PATH, HOME } = process.env
  const { code, out, err } = await run(process.execPath, [join(packageRoot(), 'dist/evals/main.js'), '--model', 'scripted', '-o', 'json', ...args], { cwd: folder, env: { PATH, HOME } })
  return { code, scores: out === '' ? [] : (JSON.parse(out) as { scores: Score[] }).scores, err }
}

/** The addresses that the runner made up are in the prompts, so the script reads them there. */
function solver() {
  return (request: { readonly messages: readonly { readonly role: string; readonly text?: string }[]; readonly turn: number }) => {
    const said = request.messages.map((message) => message.text ?? '').join('\n')
    const fixture = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? 'http://127.0.0.1:1'
    const at = /in the folder (\S+?)[:. ,]?(?= |\n|$)/.exec(said)?.[1] ?? '/nowhere'
    return scripted(TASKS, { fixture, folder: at })(request)
  }
}

test('every task passes with a model that builds its reference', { timeout: 600_000 }, async () => {
  model.script(solver() as never)
  const { code, scores, err } = await evaluate('--parallel', '4', '--timeout', '120')
  expect(scores.filter((score) => !score.passed).map(({ task, reason }) => `${task}: ${reason}`)).toEqual([])
  expect({ code, count: scores.length }, err).toEqual({ code: 0, count: TASKS.length })
  expect(scores.every((score) => score.usd > 0 && score.calls > 0 && score.iterations > 0)).toBe(true)
})

test('what proposes nothing, builds the wrong thing or gives up fails its task, and says why', { timeout: 300_000 }, async () => {
  const right = solver()
  model.script(((request: Parameters<typeof right>[0]) => {
    const said = request.messages.map((message) => message.text ?? '').join('\n')
    if (said.includes('(Task fan-out)')) return { calls: [{ name: 'DONE', input: { summary: 'nothing to do' } }] }
    if (said.includes('(Task full-name)')) return { calls: [{ name: 'FAIL', input: { reason: 'too hard', tried: 'nothing' } }] }
    const step = right(request)
    // the wrong way round
    return JSON.parse(JSON.stringify(step).replaceAll('$.amount >= 1000', '$.amount > 1000')) as never
  }) as never)
  const { code, scores } = await evaluate('--task', 'fan-out', '--task', 'full-name', '--task', 'route-by-amount', '--task', 'dedupe')
  expect(code).toBe(1)
  expect(Object.fromEntries(scores.map(({ task, passed, reason }) => [task, passed || reason]))).toMatchObject({
    'fan-out': 'it proposed nothing', 'full-name': expect.stringContaining('agent-failed'), 'route-by-amount': expect.stringContaining('incoming holds'), dedupe: true,
  })
})
