import pg from 'pg'

/** int8 (20), its array (1016): all of ours are below 2^53, so they come as numbers. */
const toNumbers = (text: string): number[] => (text === '{}' ? [] : text.slice(1, -1).split(',').map(Number))
const READERS = new Map<number, (text: string) => unknown>([[20, Number], [1016, toNumbers]])

export interface ConnectionOptions {
  readonly application?: string
  readonly statementTimeoutMs?: number
  /** off: a commit is acknowledged before it is on disk. For hints alone. */
  readonly synchronousCommit?: 'on' | 'off'
}

/** What every connection of ours is opened with: no statement holds a snapshot for over 10 s. */
export function connectionConfig(url: string, options: ConnectionOptions = {}): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: options.application ?? 'agenticos',
    connectionTimeoutMillis: 10_000,
    statement_timeout: options.statementTimeoutMs ?? 10_000,
    idle_in_transaction_session_timeout: 30_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    options: `-c synchronous_commit=${options.synchronousCommit ?? 'on'} -c timezone=UTC`,
    types: {
      getTypeParser: ((id: number, format?: 'text' | 'binary') =>
        (format !== 'binary' && READERS.get(id)) || pg.types.getTypeParser(id, format)) as typeof pg.types.getTypeParser,
    },
  }
}
