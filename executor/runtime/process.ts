import { spawn, type ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { Capture } from './capture.js'
import type { Cgroups } from './cgroups.js'
import type { GroupWatch } from './group-watch.js'
import type { Leftovers } from './leftovers.js'
import { MARK, signalProcess } from './processes.js'
import { limitWords, type Limits } from './wrapper.js'

// a. Each stage leads a process group of its own; every end of the work, of whatever cause, kills all of them.
// b. Output is read to its end but kept only up to a limit: a command never waits for us, and we never for it.
// c. `runProcess` resolves: at the latest a second after the last leader is gone, even if a stray holds the pipes.

export interface Stage {
  /** the program's file, and what it is called with */
  readonly file: string
  readonly args: readonly string[]
}

export interface ProcessOrder {
  readonly stages: readonly Stage[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly stdin: string | undefined
  /** most bytes kept of stdout, and of stderr */
  readonly keepBytes: number
  readonly floodBytes: number
  readonly timeoutMs: number
  readonly limits: Limits
  readonly signal: AbortSignal
}

export type Ending = 'exit' | 'timeout' | 'aborted' | 'memory' | 'processes' | 'flood'

export interface ProcessResult {
  readonly ending: Ending
  /** of the last stage */
  readonly exitCode: number | null
  readonly signal: string | null
  readonly stdout: Buffer
  readonly stderr: Buffer
  /** bytes written, kept or not */
  readonly stdoutSeen: number
  readonly stderrSeen: number
  readonly durationMs: number
}

export interface Supervision {
  readonly leftovers: Leftovers
  readonly watch: GroupWatch
  readonly setpriv: string | undefined
  readonly cgroups: Cgroups | undefined
}

const POLITE_MS = 2000
const STRAY_MS = 1000

/** Runs one program, or several piped. Rejects only when a program cannot be started at all. */
export async function runProcess(order: ProcessOrder, { leftovers, watch, setpriv, cgroups }: Supervision): Promise<ProcessResult> {
  const from = performance.now()
  const mark = leftovers.newMark()
  const cgroup = cgroups?.make(order.limits)
  const prefix = limitWords(order.limits, cgroup?.doors ?? [], setpriv)
  const children: ChildProcess[] = []
  const groups: number[] = []
  let ending: Ending = 'exit'
  let forced: NodeJS.Timeout | undefined
  const signalAll = (signal: NodeJS.Signals): void => groups.forEach((group) => signalProcess(-group, signal))
  const end = (why: Ending): void => {
    if (ending !== 'exit') return
    ending = why
    signalAll(why === 'timeout' || why === 'aborted' ? 'SIGTERM' : 'SIGKILL')
    forced = setTimeout(() => signalAll('SIGKILL'), POLITE_MS)
  }

  const out = new Capture(order.keepBytes)
  const err = new Capture(order.keepBytes)
  const flooded = (): void => {
    if (out.seen + err.seen > order.floodBytes) end('flood')
  }
  const timer = setTimeout(() => end('timeout'), order.timeoutMs)
  const onAbort = (): void => end('aborted')
  let unwatch = (): void => {}
  const finish = (): void => leftovers.ended(groups.splice(0), mark)
  try {
    const endings: Promise<[number | null, string | null]>[] = []
    for (const stage of order.stages) {
      const [file, ...args] = [...prefix, stage.file, ...stage.args]
      const child = spawn(file!, args, { cwd: order.cwd, env: { ...order.env, [MARK]: mark }, detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
      const ended = exitOf(child)
      ended.catch(() => {})
      endings.push(ended)
      children.push(child)
      child.stderr.on('error', () => {})
      child.stdin.on('error', () => {})
      err.read(child.stderr, flooded)
      if (child.pid !== undefined) {
        groups.push(child.pid)
        leftovers.began(child.pid)
      }
      const before = children.at(-2)
      if (before?.stdout != null) pipe(before, child)
    }
    const last = children.at(-1)!
    out.read(last.stdout!, flooded)
    children[0]!.stdin!.end(order.stdin ?? '')
    if (order.signal.aborted) onAbort()
    else order.signal.addEventListener('abort', onAbort)
    unwatch = watch.watch(groups, (use) => {
      if (use.processes > order.limits.processes || (cgroup !== undefined && cgroups?.refused(cgroup.name))) end('processes')
      else if (use.residentBytes > order.limits.memoryBytes) end('memory')
    })
    const exits = await Promise.all(endings)
    const [exitCode, signal] = exits.at(-1)!
    const durationMs = Math.round(performance.now() - from)
    finish()
    await cgroups?.remove(cgroup!.name)
    await Promise.race([Promise.all([closed(last), ...children.map((child) => closed(child))]), sleep(STRAY_MS)])
    return {
      ending, exitCode, signal, stdout: out.bytes, stderr: err.bytes, stdoutSeen: out.seen, stderrSeen: err.seen,
      durationMs,
    }
  } finally {
    finish()
    if (cgroup !== undefined) void cgroups?.remove(cgroup.name)
    clearTimeout(timer)
    clearTimeout(forced)
    unwatch()
    order.signal.removeEventListener('abort', onAbort)
    for (const child of children) for (const stream of child.stdio) stream?.destroy()
  }
}

function exitOf(child: ChildProcess): Promise<[number | null, string | null]> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => resolve([code, signal]))
    child.once('error', reject)
  })
}

function closed(child: ChildProcess): Promise<void> {
  if ([child.stdout, child.stderr].every((stream) => stream === null || stream.readableEnded || stream.destroyed)) return Promise.resolve()
  return new Promise((resolve) => child.once('close', () => resolve()))
}

/** A reader that ends early breaks the writer's pipe, as in a shell. */
function pipe(from: ChildProcess, to: ChildProcess): void {
  from.stdout!.on('error', () => {})
  from.stdout!.pipe(to.stdin!)
  to.stdin!.once('close', () => from.stdout!.destroy())
}
