import { chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { Failure } from '../errors.js'
import type { Log } from '../log.js'
import { chooseAccount, type Account } from './embedded/account.js'
import { findBinaries, within } from './embedded/binaries.js'
import { clusterOf, prepareCluster, type Cluster } from './embedded/cluster.js'
import { own } from './embedded/owner.js'
import { findServer, launch, readPidFile, serverUrl, stopServer, type Address, type Server } from './embedded/server.js'

// a. A data directory has one owner, this process, from before the first look at its server until after the last.
// b. The server outlives our crash and is adopted by the next owner; it ends with our stop.
// c. A server that dies is started again at the same address, so that connections only have to be renewed.

export interface Embedded {
  readonly url: string
  stop(): Promise<void>
}

const DATABASE = 'agenticos'

/** Starts, or adopts, the Postgres in the data directory and keeps it running until stopped. */
export async function startEmbedded(dataDir: string, log: Log): Promise<Embedded> {
  const folder = makeFolder(dataDir)
  const release = await own(folder)
  try {
    const cluster = clusterOf(folder, chooseAccount(join(folder, 'postgres')))
    const before = readPidFile(cluster)?.address.host
    const found = await findServer(cluster)
    if (found === undefined) forget(before)
    const address = found?.address ?? await makeAddress(cluster.account)
    const binaries = within(findBinaries(), address.host, cluster.account)
    await prepareCluster(folder, cluster, binaries)
    const server = found ?? await launch(cluster, binaries, address)
    await makeDatabase(cluster, server)
    log.info({ dataDir: folder, server: server.pid, adopted: server.adopted }, 'embedded Postgres runs')
    const stopping = new AbortController()
    const kept = keep(server, (address) => launch(cluster, binaries, address), stopping.signal, log)
    return {
      url: serverUrl(cluster, address, DATABASE),
      async stop() {
        stopping.abort()
        await stopServer(await kept())
        forget(address.host)
        release()
      },
    }
  } catch (error) {
    release()
    throw error
  }
}

/** Starts the server again whenever it goes away. The answer gives the one that runs now. */
function keep(first: Server, start: (address: Address) => Promise<Server>, signal: AbortSignal, log: Log): () => Promise<Server> {
  let server = first
  let starting: Promise<void> | undefined
  const watch = () => void server.gone.then(() => {
    if (signal.aborted) return
    log.warn({ server: server.pid }, 'embedded Postgres went away and is started again')
    starting = restart()
  })
  const restart = async (): Promise<void> => {
    for (let pause = 100; !signal.aborted; pause = Math.min(pause * 2, 5_000)) {
      try {
        server = await start(first.address)
        watch()
        return
      } catch (error) {
        log.error({ err: error }, 'embedded Postgres does not start again')
        await sleep(pause, undefined, { signal }).catch(() => {})
      }
    }
  }
  watch()
  return async () => {
    await starting
    return server
  }
}

function makeFolder(dataDir: string): string {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    // As root the server is another user. On Linux it is placed into its folder; elsewhere it must walk there.
    if (process.getuid?.() === 0 && process.platform !== 'linux') chmodSync(dataDir, 0o711)
    return realpathSync(dataDir)
  } catch (cause) {
    throw new Failure('data-directory-unusable', `the data directory ${dataDir} cannot be made: ${cause instanceof Error ? cause.message : cause}`,
      'name another one with --data-dir or AGENTICOS_DATA_DIR', { cause })
  }
}

/** A socket in a folder that the server's user alone may enter: a path over 107 bytes cannot be a socket's. */
async function makeAddress(account: Account): Promise<Address> {
  for (const parent of process.platform === 'win32' ? [] : [tmpdir(), '/tmp', '/var/tmp']) {
    if (Buffer.byteLength(join(parent, 'agenticos-XXXXXX/.s.PGSQL.5432')) > 100) continue
    try {
      const host = mkdtempSync(join(parent, 'agenticos-'))
      if (account !== undefined) chownSync(host, account.uid, account.gid)
      return { host, port: 5432 }
    } catch {
      continue
    }
  }
  return { host: '127.0.0.1', port: await freePort() }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

/** Takes away the socket folder of a server that is gone. */
function forget(host: string | undefined): void {
  if (host !== undefined && /\/agenticos-[^/]+$/.test(host)) rmSync(host, { recursive: true, force: true })
}

async function makeDatabase(cluster: Cluster, server: Server): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl(cluster, server.address, 'postgres') })
  await client.connect()
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE])
    if (rowCount === 0) await client.query(`create database ${DATABASE}`)
  } finally {
    await client.end()
  }
}
