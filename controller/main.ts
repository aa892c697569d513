import { mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readConfig } from './config.js'
import { demoExecutor, playDemo } from './demo.js'
import { fail, Failure } from './errors.js'
import { createLog } from './log.js'
import { packageRoot } from './package-root.js'
import { Progress } from './progress.js'
import { start } from './start.js'

/** Runs a controller as this process until SIGTERM, SIGINT or SIGHUP. Gives the exit code: 2 for a bad setting. */
async function main(): Promise<number> {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }
  const ended = untilSignal()
  let begun = false
  try {
    const config = readConfig(process.argv.slice(2), process.env)
    const logFile = config.demo ? logFileIn(resolve(config.dataDir)) : undefined
    const log = createLog({ level: config.logLevel, file: logFile })
    const progress = logFile === undefined ? undefined : new Progress(process.stdout, process.env)
    const controller = await begin()
    begun = true
    log.info({ url: controller.url, dataDir: controller.dataDir, components: config.only }, 'the controller runs')
    if (progress && controller.url !== undefined) {
      await playDemo({ url: controller.url, dataDir: controller.dataDir, logFile: logFile!, progress, signal: ended.signal })
    }
    await ended.promise
    log.info({ signal: ended.signal.reason as unknown }, 'stopping')
    progress?.begin('stopping')
    await controller.stop()
    progress?.done('stopped', 'nothing is lost; npm start goes on where it was')
    return 0

    async function begin() {
      if (!progress) return await start(config, { log, version })
      progress.print()
      progress.print(progress.paint('bold', `AgenticNetsOS ${version}`))
      progress.print()
      let part: string | undefined
      const beginning = (next: string): void => {
        if (part !== undefined) progress.done(part)
        part = next
        progress.begin(`starting ${part}`)
      }
      const started = await start(config, { log, version, logFile, executor: demoExecutor(logFile!), beginning })
      if (part !== undefined) progress.done(part)
      return started
    }
  } catch (error) {
    // Ctrl-C reaches the programs that a start runs, too, and they say so in their own ways.
    if (ended.signal.aborted && !begun) {
      process.stderr.write('\nstopped before it had started; the next start begins anew\n')
      return 0
    }
    if (!(error instanceof Failure)) throw error
    process.stderr.write(`\nerror: ${error.message}\n  do:  ${error.remedy}\n`)
    return error.code === 'unknown-setting' || error.code === 'bad-setting' ? 2 : 1
  }
}

/** The first signal asks for an orderly end, a second one more than a second later ends it at once. */
function untilSignal(): { readonly promise: Promise<void>; readonly signal: AbortSignal } {
  const ended = new AbortController()
  let first = 0
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (first === 0) first = performance.now()
      else if (performance.now() - first > 1_000) process.exit(130)
      ended.abort(name)
    })
  }
  // npm start holds a channel to us; when it is gone, whatever ended it, nobody is there to end us.
  process.on('disconnect', () => ended.abort('disconnect'))
  return { signal: ended.signal, promise: new Promise((resolve) => ended.signal.addEventListener('abort', () => resolve(), { once: true })) }
}

function logFileIn(dataDir: string): string {
  const folder = join(dataDir, 'logs')
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (cause) {
    fail('data-directory-unusable', `the folder ${folder} cannot be made: ${(cause as Error).message}`, 'name another data directory with AGENTICOS_DATA_DIR', { cause })
  }
  return join(folder, 'controller.log')
}

process.exit(await main())
