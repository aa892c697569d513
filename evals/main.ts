import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readConfig } from '../controller/config.js'
import { createLog } from '../controller/log.js'
import { start } from '../controller/start.js'
import { matchesGlob } from '../petri/glob.js'
import { API } from '../protocol/api.js'
import { createClient, ProblemError, type Client } from '../protocol/client.js'
import { TASKS } from './catalog.js'
import { filesBefore } from './files.js'
import { startFixture } from './fixture.js'
import { runTask, type Score } from './run-task.js'
import { scoreboard } from './scoreboard.js'
import type { Task } from './task.js'

const HELP = `npm run eval -- --model NAME [options]: lets a model do ${TASKS.length} tasks, and judges each by running what it built

  --model NAME      a model of the models file; needed
  --models FILE     its models.yaml; ./models.yaml unless given
  --task GLOB       only tasks of this name; may come several times
  --parallel N      tasks at a time; 1 unless given
  --timeout S       longest for one task in seconds; 900 unless given
  --output json     scores as JSON instead of a table
  --list            names of the tasks, and what they ask

Keys come from the environment: export OPENAI_API_KEY=... AGENTICOS_CREDENTIALS="OPENAI_API_KEY@api.openai.com"`

interface Options {
  readonly model: string
  readonly models: string
  readonly tasks: readonly Task[]
  readonly parallel: number
  readonly limitMs: number
  readonly json: boolean
}

/** 0: all passed; 1: some did not; 2: it could not begin. */
async function main(): Promise<number> {
  const options = readOptions()
  if (typeof options === 'number') return options
  const data = mkdtempSync(join(tmpdir(), 'agenticos-evals-'))
  const fixture = await startFixture()
  const log = createLog({ level: 'silent' })
  const config = readConfig(['--data-dir', data, '--port', '0', '--log-level', 'error'], { ...process.env })
  const controller = await start(config, {
    log, version: 'eval', logFile: join(data, 'executor.log'), executor: { AGENTICOS_EGRESS_ALLOW: fixture.url, AGENTICOS_EXECUTOR_ROOTS: fixture.folder },
  })
  // Its Postgres would outlive it, and nobody would know of it.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => void controller.stop().finally(() => process.exit(130)))
  try {
    const client = createClient({ server: controller.url!, token: readFileSync(join(data, 'admin-token'), 'utf8').trim() })
    const at = { fixture: fixture.url, folder: fixture.folder }
    await begin(client, options, filesBefore(options.tasks, options.model, options.models, at))
    const scores: Score[] = []
    const queue = [...options.tasks]
    await Promise.all(Array.from({ length: options.parallel }, async () => {
      for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
        const score = await runTask(client, task, at, options.limitMs)
        scores.push(score)
        process.stderr.write(`${scores.length}/${options.tasks.length} ${score.passed ? 'pass' : 'FAIL'} ${task.name}${score.passed ? '' : `: ${score.reason}`}\n`)
      }
    }))
    scores.sort((a, b) => TASKS.findIndex((task) => task.name === a.task) - TASKS.findIndex((task) => task.name === b.task))
    process.stdout.write(`${options.json ? JSON.stringify({ model: options.model, scores }, null, 2) : scoreboard(scores, options.model)}\n`)
    return scores.every((score) => score.passed) ? 0 : 1
  } finally {
    await controller.stop()
    fixture.close()
    rmSync(fixture.folder, { recursive: true, force: true })
    rmSync(data, { recursive: true, force: true })
  }
}

/** Proposes and merges what the tasks begin with, and waits until it runs. */
async function begin(client: Client, { model }: Options, files: readonly { path: string; content: string }[]): Promise<void> {
  const { number } = await client.call(API.openProposal, { body: { title: `Evaluate ${model}`, files: [...files] } })
  const { merged } = await client.call(API.mergeProposal, { params: { proposal: number }, body: {} })
  for (;;) {
    const { repository } = await client.call(API.status)
    if (repository.attempted === merged!.commit && repository.findings.some((finding) => finding.level === 'error')) throw new Error(repository.findings[0]!.message)
    const sessions = (await client.call(API.listSessions, { query: { limit: 1000 } })).items
    if (repository.applied === merged!.commit && sessions.every((one) => one.adopted === one.generation)) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function readOptions(): Options | number {
  const refuse = (why: string): number => {
    process.stderr.write(`error: ${why}\n\n${HELP}\n`)
    return 2
  }
  let values: { model?: string; models?: string; task?: string[]; parallel?: string; timeout?: string; output?: string; list?: boolean; help?: boolean }
  try {
    values = parseArgs({ options: { model: { type: 'string' }, models: { type: 'string' }, task: { type: 'string', multiple: true }, parallel: { type: 'string' }, timeout: { type: 'string' }, output: { type: 'string', short: 'o' }, list: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } }).values
  } catch (error) {
    return refuse((error as Error).message)
  }
  if (values.help === true) {
    process.stdout.write(`${HELP}\n`)
    return 0
  }
  if (values.list === true) {
    process.stdout.write(`${TASKS.map((task) => `${task.name}\n  ${task.prompt}`).join('\n')}\n`)
    return 0
  }
  const tasks = TASKS.filter((task) => values.task === undefined || values.task.some((glob) => matchesGlob(glob, task.name)))
  if (values.model === undefined) return refuse('--model is missing')
  if (tasks.length === 0) return refuse(`no task is called ${values.task?.join(' or ')}; --list shows them`)
  for (const [name, text] of [['--parallel', values.parallel], ['--timeout', values.timeout]] as const) if (text !== undefined && !/^[1-9]\d{0,4}$/.test(text)) return refuse(`${name} must be a whole number from 1 on, not ${text}`)
  if (values.output !== undefined && values.output !== 'json') return refuse(`--output is json or left out, not ${values.output}`)
  let models: string
  try {
    models = readFileSync(values.models ?? 'models.yaml', 'utf8')
  } catch (error) {
    return refuse(`the models file cannot be read: ${(error as Error).message}; name it with --models (docs/models.md shows one)`)
  }
  return { model: values.model, models, tasks, parallel: Number(values.parallel ?? 1), limitMs: Number(values.timeout ?? 900) * 1_000, json: values.output === 'json' }
}

process.exitCode = await main().catch((error: unknown) => {
  const words = error instanceof ProblemError ? `${error.problem.detail}\n  do:  ${error.problem.remedy}` : error instanceof Error ? error.message : String(error)
  process.stderr.write(`error: ${words}\n`)
  return 2
})
