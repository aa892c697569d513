import pg from 'pg'
import { Failure } from '../errors.js'
import { connectionConfig, type ConnectionOptions } from './connection.js'
import { isLost } from './lost.js'
import { listen, type Listener } from './listen.js'
import { Notifier } from './notifier.js'
import { withPatience } from './patience.js'

// a. A statement is sent once. Only the wait for a connection is retried, so nothing is ever done twice by us.
// b. A notify is a hint: it may come late, merged with others, or, over a lost connection, never.

/** inbox, decided, lifecycle: a session; events: `session:seq`; effects: a pool; revision: a commit. errands: a kind of errand; errand: one that is done. */
export const CHANNELS = ['inbox', 'decided', 'events', 'effects', 'revision', 'lifecycle', 'approvals', 'progress', 'errands', 'errand'] as const
export type Channel = (typeof CHANNELS)[number]

export interface Queryable {
  /** One statement, parameterised; `name` prepares it on its connection. int8 comes as number, json parsed. */
  query<R extends object>(text: string, values?: readonly unknown[], name?: string): Promise<R[]>
}

export interface Database extends Queryable {
  /** Commits when `run` resolves, rolls back when it rejects. */
  transaction<T>(run: (tx: Queryable) => Promise<T>): Promise<T>
  /** Resolves once listening, then goes on until the signal; `onConnect` after each (re)connect: ask what was missed. */
  listen(channels: readonly string[], on: Listener['on'], onConnect: () => void, signal: AbortSignal): Promise<void>
  /** Sent within 2 ms, merged with equal ones, never awaited. */
  notify(channel: Channel, item: string): void
  close(): Promise<void>
}

export interface DatabaseOptions extends ConnectionOptions {
  readonly connections?: number
  /** how long a wait for a connection is retried before it fails as `database-unreachable` */
  readonly patienceMs?: number
}

/** Opens a pool, waiting for the database to answer. Refused credentials or an unknown database are not waited for. */
export async function openDatabase(url: string, options: DatabaseOptions = {}): Promise<Database> {
  const pool = new pg.Pool({ ...connectionConfig(url, options), max: options.connections ?? 10, idleTimeoutMillis: 60_000 })
  // A connection that breaks while idle is replaced at the next use; one that breaks between two statements of a
  // transaction fails the next of them. Neither may end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const connect = () => withPatience(options.patienceMs ?? 60_000, () => pool.connect())
  const notifier = new Notifier(url)
  const closing = new AbortController()

  try {
    const client = await connect()
    client.release()
  } catch (cause) {
    await pool.end()
    if (cause instanceof Failure) throw cause
    throw refused(url, cause)
  }

  return {
    async query(text, values, name) {
      const client = await connect()
      return finishing(client, () => send(client, text, values, name))
    },
    async transaction(run) {
      const client = await connect()
      return finishing(client, async () => {
        await client.query('begin')
        try {
          const result = await run({ query: (text, values, name) => send(client, text, values, name) })
          await client.query('commit')
          return result
        } catch (error) {
          if (!isLost(error)) await client.query('rollback').catch(() => {})
          throw error
        }
      })
    },
    listen: (channels, on, onConnect, signal) => listen(url, { channels, on, onConnect }, AbortSignal.any([signal, closing.signal])),
    notify: (channel, item) => notifier.add(channel, item),
    async close() {
      closing.abort()
      await notifier.close()
      await pool.end()
    },
  }
}

async function send<R extends object>(client: pg.PoolClient, text: string, values: readonly unknown[] = [], name?: string): Promise<R[]> {
  const result = await client.query<R>(name === undefined ? { text, values: [...values] } : { name, text, values: [...values] })
  return result.rows
}

/** Gives the connection back, or throws it away when it broke. */
async function finishing<T>(client: pg.PoolClient, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work()
    client.release()
    return result
  } catch (error) {
    client.release(isLost(error))
    throw error
  }
}

function refused(url: string, cause: unknown): Failure {
  const { hostname, pathname } = new URL(url)
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new Failure('database-refused', `the database ${pathname.slice(1)} at ${decodeURIComponent(hostname) || 'its socket'} refused: ${reason}`,
    'check user, password and database name in DATABASE_URL', { cause })
}
