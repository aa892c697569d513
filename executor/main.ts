import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readConfig } from './config.js'
import { startExecutor } from './start.js'

/** Runs an executor as this process until SIGTERM or SIGINT. Gives the exit code. */
export async function main(environment: Readonly<Record<string, string | undefined>>): Promise<number> {
  const stop = new AbortController()
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stop.abort(name))
  // Started by a controller as its child: its end is ours.
  if (process.send !== undefined) process.once('disconnect', () => stop.abort('disconnect'))
  try {
    const executor = await startExecutor(readConfig(environment), stop.signal)
    process.send?.({ ready: executor.name })
    await executor.stopped
    return 0
  } catch (error) {
    process.stderr.write(`agenticos executor: ${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  } finally {
    // An open channel to a parent would keep the process.
    if (process.connected) process.disconnect()
  }
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.env)
}
