import { mkdir, rm, writeFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { join, resolve } from 'node:path'
import { ensureAdminToken } from './api/admin-token.js'
import { createApi } from './api/server.js'
import { ComponentThread } from './component-thread.js'
import type { Config } from './config.js'
import { dispatchRoutes } from './dispatch/routes.js'
import { startDispatch } from './dispatch/dispatch.js'
import { fail } from './errors.js'
import { openBare } from './forge/bare.js'
import type { Log } from './log.js'
import { loop } from './loop.js'
import { addThread } from './metrics.js'
import { startOwnExecutor } from './own-executor.js'
import { openDatabase } from './store/database.js'
import { startEmbedded } from './store/embedded.js'
import { migrate } from './store/migrate.js'
import { keepPartitions } from './store/segments/partitions.js'

const DAY = 86_400_000
/** what requests under way get to end in, when the controller stops */
const LAST_ANSWERS_MS = 10_000

export interface Controller {
  /** where the API answers; undefined when this process runs none */
  readonly url: string | undefined
  readonly dataDir: string
  /** stops everything, the last started first */
  stop(): Promise<void>
}

export interface StartOptions {
  readonly log: Log
  readonly version: string
  /** where the log goes instead of standard output */
  readonly logFile?: string | undefined
  /** settings of the built-in executor where the environment has none */
  readonly executor?: Readonly<Record<string, string>> | undefined
  /** hears of each part before it is started */
  readonly beginning?: (part: string) => void
}

/** Starts the components that this process is to run, in order; what it started it stops again, also when it fails half-way. */
export async function start(config: Config, { log, version, logFile, executor: defaults, beginning = () => {} }: StartOptions): Promise<Controller> {
  const stops: (() => Promise<unknown> | void)[] = []
  const stop = async (): Promise<void> => {
    for (let end = stops.pop(); end !== undefined; end = stops.pop()) await Promise.resolve(end()).catch((error: unknown) => log.warn({ err: error }, 'a part did not stop cleanly'))
  }
  try {
    const dataDir = resolve(config.dataDir)
    await mkdir(dataDir, { recursive: true, mode: 0o700 }).catch((cause: Error) =>
      fail('data-directory-unusable', `the data directory ${dataDir} cannot be made: ${cause.message}`, 'name another one: --data-dir FOLDER', { cause }))
    let databaseUrl = config.databaseUrl
    if (databaseUrl === undefined) {
      beginning('Postgres')
      const embedded = await startEmbedded(dataDir, log)
      stops.push(() => embedded.stop())
      databaseUrl = embedded.url
    }
    beginning('controller')
    const db = await openDatabase(databaseUrl)
    stops.push(() => db.close())
    await migrate(db)
    const ending = new AbortController()
    stops.push(() => ending.abort('stop'))
    const runs = new Set(config.only)
    if (runs.has('engine') || runs.has('reconcile')) {
      await keepPartitions(db, log)
      void loop('partitions', { everyMs: DAY }, async () => void await keepPartitions(db, log), ending.signal, log)
    }
    const forge = runs.has('api') || runs.has('reconcile') ? await openBare({ dataDir, log, changed: () => db.notify('revision', 'changed') }) : undefined
    if (forge) stops.push(() => forge.close())
    for (const component of ['engine', 'reconcile'] as const) {
      if (!runs.has(component)) continue
      const thread = new ComponentThread({ component, databaseUrl, dataDir, logLevel: config.logLevel, logFile, pollSeconds: config.pollSeconds }, log)
      await thread.start()
      stops.push(addThread(() => thread.metrics()), () => thread.stop())
    }
    const url = forge && runs.has('api') ? await serve() : undefined
    if (runs.has('executor')) {
      const at = url ?? config.publicUrl
      if (at === undefined) fail('bad-setting', 'an executor without the API in this process has nobody to ask', 'run it with: agenticos executor, or set AGENTICOS_PUBLIC_URL')
      beginning('executor')
      const executor = await startOwnExecutor({ db, log, url: at, dataDir, logLevel: config.logLevel, logFile, defaults })
      stops.push(() => executor.stop())
    }
    return { url, dataDir, stop }

    async function serve(): Promise<string> {
      const closing = new AbortController()
      const app = await createApi({ db, forge: forge!, log, signal: closing.signal, config: { version, publicUrl: config.publicUrl } })
      if (runs.has('dispatch')) {
        const dispatch = await startDispatch(db, log, ending.signal)
        await app.register(dispatchRoutes(dispatch))
      }
      await ensureAdminToken(db, dataDir)
      await app.listen({ host: config.host, port: config.port }).catch((error: NodeJS.ErrnoException) => cannotListen(config, error))
      const sockets = socketsOf(app.server)
      stops.push(async () => {
        closing.abort('stop')
        // One that was opened and never used counts as busy for the server, until its time for headers is over.
        for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
        // A connection whose stream has just ended becomes idle only now, and would be kept alive for a minute.
        const idle = setInterval(() => app.server.closeIdleConnections(), 50)
        const late = setTimeout(() => app.server.closeAllConnections(), LAST_ANSWERS_MS)
        await app.close()
        clearInterval(idle)
        clearTimeout(late)
      })
      const [address] = app.addresses() as AddressInfo[]
      const url = config.publicUrl ?? `http://${address!.family === 'IPv6' ? `[${address!.address}]` : address!.address}:${address!.port}`
      const told = join(dataDir, 'server.json')
      await writeFile(told, `${JSON.stringify({ url })}\n`, { mode: 0o600 })
      // Another program may listen at this address afterwards: the command line must not talk to it.
      stops.push(() => rm(told, { force: true }))
      return url
    }
  } catch (error) {
    await stop()
    throw error
  }
}

function socketsOf(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}

function cannotListen({ host, port }: Config, cause: NodeJS.ErrnoException): never {
  const at = `${host}:${port}`
  if (cause.code === 'EADDRINUSE') fail('address-taken', `another program listens at ${at} already`, `stop it, or take another port: AGENTICOS_PORT=${Number(port) + 1}`, { cause })
  return fail('bad-setting', `it is not possible to listen at ${at}: ${cause.message}`, 'correct --host and --port', { cause })
}
