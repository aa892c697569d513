import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from './config.js'
import { demoSeed, playDemo } from './demo.js'
import { Failure } from './errors.js'
import { createLog } from './log.js'
import { packageRoot } from './package-root.js'
import { start } from './start.js'

/** Runs a controller as this process until SIGTERM or SIGINT. Gives the exit code. */
async function main(): Promise<number> {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }
  try {
    const config = readConfig(process.argv.slice(2), process.env)
    const log = createLog({ level: config.demo && process.env['AGENTICOS_LOG_LEVEL'] === undefined ? 'warn' : config.logLevel })
    const ended = new Promise<string>((resolve) => {
      for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => resolve(name))
    })
    const controller = await start(config, log, version, config.demo ? await demoSeed() : undefined)
    log.info({ url: controller.url, dataDir: controller.dataDir, components: config.only }, 'the controller runs')
    if (config.demo && controller.url !== undefined) await playDemo(controller.url, controller.dataDir, ended)
    const signal = await ended
    log.info({ signal }, 'stopping')
    await controller.stop()
    return 0
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    process.stderr.write(`agenticos: ${error.message}\n  ${error.remedy}\n`)
    return 1
  }
}

process.exit(await main())
