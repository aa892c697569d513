import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { API } from '../protocol/api.js'
import { eventAnswer, type EventAnswer } from '../protocol/api/history.js'
import { createClient, ProblemError, type Client } from '../protocol/client.js'
import { readSse } from '../protocol/sse.js'
import { chatCommand, nameOf, nextCommands, tilde } from './demo-commands.js'
import { packageRoot } from './package-root.js'
import { seconds, type Progress } from './progress.js'

export interface DemoOptions {
  readonly url: string
  readonly dataDir: string
  readonly logFile: string
  readonly progress: Progress
  /** aborted when the controller is told to stop */
  readonly signal: AbortSignal
}

const SESSION = 'demo'
const NET = 'log-questions'
const PATIENCE = 60_000

/** Settings of the built-in executor in a demonstration: it reads below the current folder and the log, and may call the demo's flaky service. */
export function demoExecutor(logFile: string): Record<string, string> {
  const roots = [process.cwd(), resolve(logFile, '..'), packageRoot()]
  return { AGENTICOS_EXECUTOR_ROOTS: roots.join(':'), AGENTICOS_EGRESS_ALLOW: 'http://127.0.0.1:7499' }
}

/** Merges the first net, asks it one question about the controller's own log, shows the answer and what to try next. */
export async function playDemo(options: DemoOptions): Promise<void> {
  const { url, dataDir, progress, signal } = options
  const client = createClient({ server: url, token: (await readFile(join(dataDir, 'admin-token'), 'utf8')).trim() })
  try {
    const nets = await client.call(API.listNets, { signal })
    if (nets.items.length === 0) await mergeFirstNet(client, options)
    const asked = nets.items.some((net) => net.session === SESSION && net.name === NET) && await answers(client) > 0
    if (asked || !(await hasNet(client))) await tellWhatIsThere(client, progress)
    else await ask(client, options)
    progress.print()
    progress.print(`${progress.paint('bold', 'Running')} at ${progress.paint('cyan', url)}   data in ${tilde(dataDir)}   Ctrl-C stops it`)
    progress.print()
    progress.print('Try next, in a second terminal, in this folder:')
    for (const command of await nextCommands(client, options)) {
      progress.print()
      progress.print(`  ${command}`)
    }
    progress.print()
    progress.print('And talk to an agent. Without a model, a recorded session shows how that is:')
    progress.print()
    progress.print(`  ${chatCommand(options)}`)
    progress.print()
  } catch (error) {
    if (signal.aborted) return
    progress.failed(`the demonstration ended early: ${error instanceof Error ? error.message : String(error)}`)
    progress.print(`${error instanceof ProblemError ? error.problem.remedy : 'The log tells more'} (${tilde(options.logFile)}). The controller runs on at ${url}.`)
  }
}

async function mergeFirstNet(client: Client, { progress, signal }: DemoOptions): Promise<void> {
  const folder = join(packageRoot(), 'nets', SESSION)
  const read = async (path: string, file: string) => ({ path, content: await readFile(join(folder, file), 'utf8') })
  const files = [await read(`nets/${SESSION}/session.yaml`, 'session.yaml'), await read(`nets/${SESSION}/${NET}.yaml`, `${NET}/${NET}.yaml`)]
  progress.begin('proposing a net')
  const { number, title } = await client.call(API.openProposal, { body: { title: 'Answer questions about logs', files }, signal })
  progress.done('net proposed', `#${number} ${title}`)
  progress.begin('merging it')
  const { merged } = await client.call(API.mergeProposal, { params: { proposal: number }, body: { comment: '' }, signal })
  progress.done('net merged', `commit ${merged?.commit.slice(0, 10)} on main of the net repository`)
  progress.begin('applying it')
  await until(signal, async () => (await hasNet(client)) || undefined)
  progress.done('revision applied', `${SESSION}/${NET} is ready`)
}

async function ask(client: Client, { logFile, progress, signal }: DemoOptions): Promise<void> {
  const question = `How many lines say info in ${nameOf(logFile)}?`
  const correlation = `first-question-${Date.now()}`
  const asked = performance.now()
  progress.begin('putting a question')
  const params = { session: SESSION, net: NET, place: 'questions' }
  const { id } = await client.call(API.putToken, { params, body: { data: { question }, correlationId: correlation }, signal })
  progress.done('question put', `${question}`)
  progress.begin('searching')
  const ending = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)])
  const after = Number(id?.split('-')[0] ?? 1) - 1
  for await (const event of follow(client, correlation, after, ending)) {
    const produced = (event['produced'] ?? []) as readonly { place: string; data: Record<string, unknown> }[]
    if (event.type === 'transition.fired' && produced[0]?.place === `${NET}/countings`) progress.done('understood', 'the condition of understand-how-many holds')
    if (event.type === 'transition.started') progress.done('handed out', 'grep goes to an executor')
    const answer = produced.find((token) => token.place === `${NET}/answers`)
    if (answer === undefined) continue
    if (typeof event['executor'] === 'string') progress.done('searched', `by executor ${event['executor']} in ${seconds(Number(answer.data['tookMs'] ?? event['durationMs'] ?? 0))}`)
    progress.print()
    progress.print(`${progress.paint('bold', 'Answer')}  ${progress.paint('green', String(answer.data['answer']))}   ${progress.paint('dim', `after ${seconds(performance.now() - asked)}`)}`)
    return
  }
  throw new Error(`no answer came within ${PATIENCE / 1000} s`)
}

async function* follow(client: Client, correlation: string, after: number, signal: AbortSignal): AsyncGenerator<EventAnswer> {
  const stream = await client.open(API.streamEvents, { params: { session: SESSION }, query: { correlation, after }, signal })
  for await (const message of readSse(stream.body!)) {
    if (message.data !== undefined) yield eventAnswer.parse(JSON.parse(message.data))
  }
}

async function tellWhatIsThere(client: Client, progress: Progress): Promise<void> {
  const [{ repository, ...status }, nets] = [await client.call(API.status), await client.call(API.listNets)]
  progress.done('all there', `revision ${repository.applied.slice(0, 10)}, ${count(status.tokens, 'token')}${status.proposals > 0 ? `, ${count(status.proposals, 'open proposal')}` : ''}`)
  progress.print()
  for (const net of nets.items.slice(0, 20)) progress.print(`  ${`${net.session}/${net.name}`.padEnd(28)} ${count(net.tokens, 'token').padEnd(12)} ${net.ready ? progress.paint('green', 'ready') : progress.paint('red', net.message)}`)
  if (status.failed > 0) progress.print(`${progress.paint('red', count(status.failed, 'dead letter'))}: npx agenticos get failed`)
}

function count(n: number, word: string): string {
  return `${n.toLocaleString('en')} ${word}${n === 1 ? '' : 's'}`
}

async function hasNet(client: Client): Promise<boolean> {
  const { items } = await client.call(API.listNets)
  return items.some((net) => net.session === SESSION && net.name === NET && net.ready)
}

async function answers(client: Client): Promise<number> {
  const { items } = await client.call(API.listPlaces, { params: { session: SESSION }, query: { net: NET } })
  return items.find((place) => place.name === 'answers')?.tokens ?? 0
}

async function until<T>(signal: AbortSignal, look: () => Promise<T | undefined>): Promise<T> {
  const end = performance.now() + PATIENCE
  for (;;) {
    const seen = await look()
    if (seen !== undefined) return seen
    if (performance.now() > end) throw new Error(`the net was not applied within ${PATIENCE / 1000} s`)
    await sleep(20, undefined, { signal })
  }
}
