import { parentPort, workerData } from 'node:worker_threads'
import { startEngine } from './engine/engine.js'
import { openBare } from './forge/bare.js'
import { createLog, type LogLevel } from './log.js'
import { registry } from './metrics.js'
import { startReconcile } from './reconcile/reconcile.js'
import { openDatabase } from './store/database.js'

/** What main.ts hands to a component's thread. Threads share nothing but Postgres. */
export interface ThreadData {
  readonly component: 'engine' | 'reconcile'
  readonly databaseUrl: string
  readonly dataDir: string
  readonly logLevel: LogLevel
  readonly logFile: string | undefined
  readonly pollSeconds: number
}

async function main(data: ThreadData): Promise<void> {
  const stop = new AbortController()
  parentPort!.on('message', (message) => {
    if (message === 'stop') stop.abort('stop')
    if (message === 'metrics') void registry.getMetricsAsJSON().then((metrics) => parentPort!.postMessage({ metrics }))
  })
  const log = createLog({ level: data.logLevel, file: data.logFile }).child({ component: data.component })
  const db = await openDatabase(data.databaseUrl, { connections: data.component === 'engine' ? 8 : 4 })
  if (data.component === 'engine') {
    const { stopped } = await startEngine({ db, log, signal: stop.signal })
    parentPort!.postMessage('ready')
    await stopped
  } else {
    const forge = await openBare({ dataDir: data.dataDir, log, changed: () => {} })
    const ended = startReconcile({ db, forge, log, signal: stop.signal, everyMs: data.pollSeconds * 1_000 })
    parentPort!.postMessage('ready')
    await ended
    forge.close()
  }
  await db.close()
  parentPort!.close()
}

await main(workerData as ThreadData)
