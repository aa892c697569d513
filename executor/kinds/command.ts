import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Json, JsonObject } from '../../petri/json.js'
import type { CommandRequest, Outcome } from '../../protocol/effect.js'
import { failed } from '../failed.js'
import { parseOutput, unread } from '../parse-output.js'
import { CAGE_FAILED, type Cage } from '../runtime/cage.js'
import { findFolder } from '../runtime/folder.js'
import { refuseStage } from '../runtime/pipeline-words.js'
import { runProcess, type Ending, type ProcessResult, type Stage } from '../runtime/process.js'
import { removeTree } from '../runtime/remove-tree.js'
import { findProgram } from '../runtime/wrapper.js'
import { cutBytes, decode } from '../text.js'
import type { Bench, Kind } from './kind.js'

const FLOOD = 64 * 1024 * 1024

/** command: argv, pipeline or script, in a working directory of its own, a workspace, or a folder under the executor's roots. */
export const command: Kind<CommandRequest> = async (effect, credentials, bench, signal) => {
  const { request, timeoutMs } = effect
  const { options } = bench
  const jail = join(bench.jails, randomUUID())
  await mkdir(jail, { recursive: true, mode: 0o700 })
  try {
    const place = await placeOf(effect, jail, bench)
    if ('status' in place) return place
    const found = stagesOf(request, place, options.path)
    if (!Array.isArray(found)) return found
    const stages = request.pipeline === undefined || bench.cage === undefined ? found : caged(found, bench.cage, place, join(jail, 'cage'))
    if (!Array.isArray(stages)) return stages
    const home = stages === found ? jail : '/tmp'
    const env = {
      PATH: options.path, HOME: home, TMPDIR: home, LANG: options.environment['LANG'] ?? 'C.UTF-8',
      ...request.env, ...credentials.environment(), AGENTICOS_IDEMPOTENCY_KEY: effect.idempotencyKey,
    }
    const keepBytes = request.maxBytes + credentials.mask.reach
    const limits = { memoryBytes: options.memoryBytes, processes: options.processes }
    const order = { stages, cwd: place.dir, env, stdin: request.stdin, keepBytes, floodBytes: Math.max(FLOOD, 64 * request.maxBytes), timeoutMs, limits, signal }
    const ran = await runProcess(order, bench.supervision)
    return judge(request, ran, credentials.mask, options, timeoutMs, signal)
  } finally {
    await removeTree(jail).catch(() => {})
  }
}

interface Place {
  readonly dir: string
  /** the executor's own folder inside of it */
  readonly hidden?: string
}

async function placeOf(effect: Parameters<Kind<CommandRequest>>[0], jail: string, bench: Bench): Promise<Place | Outcome> {
  const { request, session } = effect
  let home = jail
  if (request.workspace !== undefined) {
    const opened = await bench.workspaces.open(session, request.workspace, effect.workspace ?? 'fresh')
    if (opened === undefined) {
      return failed('workspace-lost', `workspace ${request.workspace} was here and is not any more; begin again with another workspace text`)
    }
    home = opened
  }
  if (request.dir === undefined) return { dir: home }
  const found = findFolder(request.dir, request.workspace === undefined ? bench.options.roots : [home], bench.options.data)
  if (found.ok) return found.hidden === undefined ? { dir: found.path } : { dir: found.path, hidden: found.hidden }
  return failed('bad-dir', request.workspace === undefined ? `${found.message}; roots are set in AGENTICOS_EXECUTOR_ROOTS` : found.message)
}

function stagesOf(request: CommandRequest, { dir, hidden }: Place, path: string): Stage[] | Outcome {
  const words = request.script !== undefined ? [['sh', '-c', request.script]] : request.pipeline ?? [request.argv ?? []]
  const stages: Stage[] = []
  for (const [program = '', ...args] of words) {
    if (request.pipeline !== undefined) {
      const why = refuseStage([program, ...args], request.allow ?? {}, dir, hidden)
      if (why !== undefined) return failed('command-refused', why)
    }
    if ([program, ...args].some((word) => word.includes('\0'))) return failed('command-refused', `an argument of ${program} holds a NUL character`)
    const file = findProgram(program, path, dir)
    if (file === undefined) return failed('program-not-found', `there is no program ${program} on this executor (PATH ${path})`)
    stages.push({ file, args })
  }
  return stages
}

/** A pipeline is written by a model: it sees `dir`, read-only, and the system's programs. */
function caged(stages: readonly Stage[], cage: Cage, place: Place, empty: string): Stage[] | Outcome {
  mkdirSync(empty, { mode: 0o700 })
  const outside = stages.find((stage) => !cage.holds(stage.file))
  if (outside !== undefined) return failed('command-refused', `program ${outside.file} lies outside of the system's folders, so no pipeline may run it; write it as argv`)
  return stages.map((stage) => cage.around(stage, place, empty))
}

function judge(
  request: CommandRequest, ran: ProcessResult, mask: { text(text: string): string, head(text: string): string, json(value: Json): Json },
  limits: { memoryBytes: number, processes: number }, timeoutMs: number, signal: AbortSignal,
): Outcome {
  const stdout = decode(ran.stdout)
  const stderr = decode(ran.stderr)
  const shown = (text: string, seen: number, kept: number): string => cutBytes(seen > kept ? mask.head(text) : mask.text(text), request.maxBytes)
  const truncated = ran.stdoutSeen > request.maxBytes || ran.stderrSeen > request.maxBytes
  const result: JsonObject = {
    exitCode: ran.exitCode, signal: ran.signal, durationMs: ran.durationMs, truncated,
    stdout: shown(stdout.text, ran.stdoutSeen, ran.stdout.length), stderr: shown(stderr.text, ran.stderrSeen, ran.stderr.length),
  }
  if (ran.ending !== 'exit') return ended(ran.ending, result, limits, timeoutMs, signal)
  if (ran.signal !== null) return failed('killed', `the command was ended by ${ran.signal}`, { detail: result })
  if (request.pipeline !== undefined && ran.exitCode === CAGE_FAILED) return failed('cage-failed', 'the cage of the pipeline could not be built', { detail: result })
  if (!request.expect.includes(ran.exitCode ?? -1)) {
    return failed('exit-code', `exit code ${ran.exitCode}, expected ${request.expect.join(' or ')}: ${lastLine(result['stderr'] as string)}`, { detail: result })
  }
  const broken = stdout.broken + stderr.broken
  const notes = broken === 0 ? {} : { notes: [`${broken} characters of the output were no text and became U+FFFD`] }
  if (request.parse === undefined) return { status: 'done', result: result as never, ...notes }
  if (request.parse === 'lines') return { status: 'done', result: { ...result, value: linesOf(result['stdout'] as string) } as never, ...notes }
  if (ran.stdoutSeen > request.maxBytes) return failed('output-truncated', `${ran.stdoutSeen} bytes came out, maxBytes is ${request.maxBytes}: too few to parse`, { detail: result })
  const read = parseOutput(request.parse, stdout.text)
  if (!read.ok) return failed('parse-failed', `stdout is no ${request.parse}: ${unread(request.parse, mask.text(stdout.text))}`, { detail: result })
  return { status: 'done', result: { ...result, value: mask.json(read.value) } as never, ...notes }
}

function ended(ending: Exclude<Ending, 'exit'>, detail: JsonObject, limits: { memoryBytes: number, processes: number }, timeoutMs: number, signal: AbortSignal): Outcome {
  switch (ending) {
    case 'timeout':
      return failed('timeout', `the command was ended after ${timeoutMs} ms`, { retryable: true, detail })
    case 'memory':
      return failed('memory-limit', `the command used more than ${limits.memoryBytes} bytes of memory`, { detail })
    case 'processes':
      return failed('process-limit', `the command ran more than ${limits.processes} processes at once`, { detail })
    case 'flood':
      return failed('output-flood', 'the command wrote far more output than maxBytes and was ended', { detail })
    case 'aborted':
      return aborted(signal, detail)
  }
}

/** The outcome of work that was told to stop. */
export function aborted(signal: AbortSignal, detail: Json): Outcome {
  if (signal.reason === 'cancelled') return failed('cancelled', 'the work was cancelled', { detail })
  return failed('executor-lost', `the executor ended the work: ${String(signal.reason)}`, { retryable: true, detail })
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.slice(0, 300) || 'nothing on stderr'
}

function linesOf(text: string): Json {
  const read = parseOutput('lines', text)
  return read.ok ? read.value : []
}
