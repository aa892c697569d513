import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, readlinkSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { Failure } from '../../errors.js'
import type { Binaries } from './binaries.js'
import { ownName, readPassword, serverProcess, USER, type Cluster } from './cluster.js'
import { processStart } from './process-start.js'

/** Where a server answers: a socket folder, or the loopback address where no socket can be had. */
export interface Address {
  readonly host: string
  readonly port: number
}

export interface Server {
  readonly pid: number
  readonly address: Address
  /** true when it was already running */
  readonly adopted: boolean
  /** resolves when the process is gone */
  readonly gone: Promise<void>
}

/** The words of postmaster.pid, as Postgres writes them line by line. */
interface PidFile {
  readonly pid: number
  readonly start: number
  readonly address: Address
}

const LOG_BYTES = 16 * 1024 * 1024
const PATIENCE_MS = 60_000

export function serverUrl(cluster: Cluster, address: Address, database: string): string {
  return `postgres://${USER}:${readPassword(cluster)}@${encodeURIComponent(address.host)}:${address.port}/${database}`
}

export function readPidFile(cluster: Cluster): PidFile | undefined {
  const file = join(cluster.folder, 'postmaster.pid')
  if (!existsSync(file)) return undefined
  const [pid, , start, port, socket, host] = readFileSync(file, 'utf8').split('\n').map((line) => line.trim())
  return { pid: Number(pid), start: Number(start), address: { host: socket || host || '', port: Number(port) } }
}

/** The server of an earlier run of ours that still lives and answers; one that lives and does not is waited for, then stopped. */
export async function findServer(cluster: Cluster): Promise<Server | undefined> {
  const found = readPidFile(cluster)
  if (found === undefined) return undefined
  if (!isServer(found, cluster)) {
    // A dead pid is left to Postgres, which also looks for orphaned backends. A pid that is now another's would stop it.
    if (processStart(found.pid) !== undefined) rmSync(join(cluster.folder, 'postmaster.pid'), { force: true })
    return undefined
  }
  const server: Server = { pid: found.pid, address: found.address, adopted: true, gone: watchPid(found, cluster) }
  const reachable = !found.address.host.startsWith('/') || existsSync(found.address.host)
  if (reachable && await answers(cluster, server, PATIENCE_MS)) return server
  await stopServer(server)
  return undefined
}

/** Starts a server and waits until it answers; an orphan of a killed server may hold its memory for a moment. */
export async function launch(cluster: Cluster, binaries: Binaries, address: Address): Promise<Server> {
  const end = performance.now() + PATIENCE_MS
  for (;;) {
    const server = spawnServer(cluster, binaries, address)
    if (await answers(cluster, server, PATIENCE_MS)) return server
    await stopServer(server)
    const said = tail(cluster.logFile)
    if (performance.now() > end || !/still in use|lock file .* already exists/.test(said)) {
      throw new Failure('embedded-failed', `the embedded Postgres did not start; its last words: ${said}`,
        `read ${cluster.logFile}, remove what it names, or set DATABASE_URL`)
    }
    await sleep(250)
  }
}

/** Fast shutdown: transactions are rolled back, the checkpoint is written; an immediate one if that takes a minute. */
export async function stopServer(server: Server): Promise<void> {
  for (const [signal, waitMs] of [['SIGINT', PATIENCE_MS], ['SIGQUIT', 5_000], ['SIGKILL', 5_000]] as const) {
    try {
      process.kill(server.pid, signal)
    } catch {
      return
    }
    // The timer also keeps our process from ending before the server has.
    const enough = new AbortController()
    const stopped = await Promise.race([server.gone.then(() => true), sleep(waitMs, false, { signal: enough.signal }).catch(() => true)])
    enough.abort()
    if (stopped) return
  }
}

function spawnServer(cluster: Cluster, binaries: Binaries, address: Address): Server {
  if (existsSync(cluster.logFile) && statSync(cluster.logFile).size > LOG_BYTES) renameSync(cluster.logFile, `${cluster.logFile}.1`)
  const log = openSync(cluster.logFile, 'a', 0o600)
  const settings = {
    ...(address.host.startsWith('/')
      ? { listen_addresses: '', unix_socket_directories: address.host, unix_socket_permissions: '0700' }
      : { listen_addresses: address.host, unix_socket_directories: '' }),
    port: address.port,
    max_connections: 200,
    // Containers give little shared memory, and none of our statements gains from parallel workers or compilation.
    max_parallel_workers_per_gather: 0,
    jit: 'off',
    autovacuum_naptime: '15s',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
  }
  const child = spawn(join(binaries.folder, 'bin/postgres'),
    ['-D', ownName(cluster.folder, cluster.account), ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    // detached: a Ctrl-C in the terminal reaches us alone, and we stop the server after our own last write
    { ...serverProcess(cluster.account, cluster.folder), detached: true, stdio: ['ignore', log, log] })
  closeSync(log)
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  child.unref()
  return { pid: child.pid ?? 0, address, adopted: false, gone }
}

/**
 * Is this pid the server of this cluster? By its start time, or by its working directory when the clock was set since.
 * Where Linux tells a process's name it must be a postgres: what is wrongly taken for ours would be stopped.
 */
function isServer({ pid, start }: PidFile, cluster: Cluster): boolean {
  const began = processStart(pid)
  if (began === undefined) return false
  const sameStart = Math.abs(began - start) <= 3
  if (process.platform !== 'linux') return sameStart
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres') && (sameStart || readlinkSync(`/proc/${pid}/cwd`) === cluster.folder)
  } catch {
    return false
  }
}

async function watchPid(found: PidFile, cluster: Cluster): Promise<void> {
  while (isServer(found, cluster)) await sleep(500, undefined, { ref: false })
}

async function answers(cluster: Cluster, server: Server, limitMs: number): Promise<boolean> {
  let alive = true
  void server.gone.then(() => { alive = false })
  const end = performance.now() + limitMs
  while (alive && performance.now() < end) {
    const client = new pg.Client({ connectionString: serverUrl(cluster, server.address, 'postgres'), connectionTimeoutMillis: 5_000 })
    client.on('error', () => {})
    try {
      await client.connect()
      return true
    } catch {
      await sleep(20)
    } finally {
      await client.end().catch(() => {})
    }
  }
  return false
}

function tail(file: string): string {
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  return lines.slice(-4).map((line) => line.replace(/^\S+ \S+ UTC \[\d+\] /, '')).join(' | ')
}
