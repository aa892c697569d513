import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readConfig, type ExecutorOptions } from './config.js'
import { Refused } from './controller-client.js'
import { settingsHelp } from './settings.js'
import { startExecutor } from './start.js'

/** Runs an executor as this process until SIGTERM or SIGINT. Gives the exit code: 2 for a bad setting. */
export async function main(environment: Readonly<Record<string, string | undefined>>, args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(`agenticos executor: does the outside work of nets, on the machine where it is started\n\n${settingsHelp()}\n`)
    return 0
  }
  const stop = new AbortController()
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stop.abort(name))
  // Started by a controller as its child: its end is ours.
  if (process.send !== undefined) process.once('disconnect', () => stop.abort('disconnect'))
  let options: ExecutorOptions | undefined
  try {
    options = readConfig(environment, args)
    const executor = await startExecutor(options, stop.signal)
    process.send?.({ ready: executor.name })
    await executor.stopped
    return 0
  } catch (error) {
    return told(error, options === undefined ? 2 : 1)
  } finally {
    // An open channel to a parent would keep the process.
    if (process.connected) process.disconnect()
  }
}

function told(error: unknown, code: number): number {
  const remedy = error instanceof Refused ? `\n${error.remedy}` : ''
  process.stderr.write(`agenticos executor: ${error instanceof Error ? error.message : String(error)}${remedy}\n`)
  return code
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.env, process.argv.slice(2))
}
