import { spawn, type ChildProcess } from 'node:child_process'
import { openSync } from 'node:fs'
import { join } from 'node:path'
import { issueBootstrap } from './dispatch/register.js'
import type { Log } from './log.js'
import { packageRoot } from './package-root.js'
import type { Database } from './store/database.js'

const STOP_MS = 30_000
/** A model on this machine is the first that most people have. Only models are called there: http of nets is not. */
const LOOPBACK = 'http://localhost http://127.0.0.0/8 http://[::1]'

export interface OwnExecutorOptions {
  readonly db: Database
  readonly log: Log
  readonly url: string
  readonly dataDir: string
  readonly logLevel: string
  readonly logFile?: string | undefined
  /** settings where the environment has none */
  readonly defaults?: Readonly<Record<string, string>> | undefined
}

/** The executor that comes with a controller: a process of its own, started again when it falls. */
export async function startOwnExecutor({ db, log, url, dataDir, logLevel, logFile, defaults }: OwnExecutorOptions): Promise<{ stop(): Promise<void> }> {
  const output = logFile === undefined ? 'inherit' as const : openSync(logFile, 'a')
  let child: ChildProcess | undefined
  let stopping = false
  let falls = 0
  const start = async (): Promise<void> => {
    const token = await issueBootstrap(db, 'local', 300_000)
    if (stopping) return
    const env = {
      AGENTICOS_EXECUTOR_MODEL_HOSTS: LOOPBACK, AGENTICOS_EXECUTOR_RECORDINGS: join(packageRoot(), 'nets/demo'),
      ...defaults, ...process.env, AGENTICOS_URL: url, AGENTICOS_EXECUTOR_TOKEN: token, AGENTICOS_EXECUTOR_NAME: process.env['AGENTICOS_EXECUTOR_NAME'] ?? 'local',
      AGENTICOS_EXECUTOR_DATA: join(dataDir, 'executor'), AGENTICOS_EXECUTOR_LOG: process.env['AGENTICOS_EXECUTOR_LOG'] ?? logLevel, DATABASE_URL: '',
    }
    child = spawn(process.execPath, ['--enable-source-maps', join(packageRoot(), 'dist/executor/main.js')], { env, stdio: ['ignore', output, output, 'ipc'] })
    child.once('exit', (code) => {
      if (stopping) return
      log.warn({ code }, 'the executor ended; it is started again')
      setTimeout(() => stopping || void start().catch((error: unknown) => log.error({ err: error }, 'the executor does not start')), Math.min(200 * 2 ** falls++, 30_000))
    })
    await new Promise<void>((resolve) => {
      child!.once('message', () => resolve())
      child!.once('exit', () => resolve())
    })
  }
  await start()
  return {
    async stop() {
      stopping = true
      // A signal to the whole process group, such as Ctrl-C, may have ended it before us.
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
      const ended = new Promise((resolve) => child!.once('exit', resolve))
      child.kill('SIGTERM')
      const late = setTimeout(() => child!.kill('SIGKILL'), STOP_MS)
      await ended
      clearTimeout(late)
    },
  }
}
