import { fork, type ChildProcess, type ForkOptions } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const RUNNER = fileURLToPath(new URL('./run-ts.mjs', import.meta.url))

/** A real process that runs a TypeScript file of ours (a path from test/support/); killed at the latest when the test ends. */
export function forkTs(file: string, args: readonly string[] = [], options: ForkOptions = {}): ChildProcess {
  const child = fork(RUNNER, [fileURLToPath(new URL(file, import.meta.url)), ...args], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], ...options })
  onTestFinished(() => { child.kill('SIGKILL') })
  return child
}

/** What the process says next. Fails when it ends without a word. */
export async function said<T>(child: ChildProcess): Promise<T> {
  const ended = new AbortController()
  const words = once(child, 'message', { signal: ended.signal })
  void once(child, 'exit', { signal: ended.signal }).then(() => setImmediate(() => ended.abort()), () => {})
  try {
    const [message] = await words
    return message as T
  } catch {
    throw new Error('the process ended before it said anything')
  } finally {
    ended.abort()
  }
}

export async function killed(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill(signal)
  await exit
}
