import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure, fail } from '../errors.js'
import { packageRoot } from '../package-root.js'
import type { Database, Queryable } from './database.js'

// a. Forward only: a file that was applied is never changed, a new one has the next number.
// b. One transaction each, begun by the advisory lock: of racing starters one works, the others find it done.

interface Migration {
  readonly number: number
  readonly name: string
  readonly breaking: boolean
  readonly hash: string
  readonly text: string
}

/** 'agos' in ASCII */
const LOCK = 0x61676f73

/** The files of controller/store/migrations in order; their first line says `-- compatible: why` or `-- breaking: why`. */
export function readMigrations(folder = join(packageRoot(), 'controller/store/migrations')): Migration[] {
  return readdirSync(folder).filter((name) => name.endsWith('.sql')).sort().map((name, at) => {
    const text = readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n')
    const kind = /^-- (compatible|breaking): \S/.exec(text)?.[1]
    const number = Number(/^(\d{4})-[a-z0-9-]+\.sql$/.exec(name)?.[1])
    if (kind === undefined || number !== at + 1) {
      throw new Error(`migration ${name}: name it ${String(at + 1).padStart(4, '0')}-word.sql and begin it with "-- compatible: why" or "-- breaking: why"`)
    }
    return { number, name, breaking: kind === 'breaking', hash: createHash('sha256').update(text).digest('hex'), text }
  })
}

/** Brings the database to this program's schema. Returns the names of what it applied. */
export async function migrate(db: Database, migrations = readMigrations()): Promise<string[]> {
  const done: string[] = []
  for (;;) {
    const name = await db.transaction((tx) => applyNext(tx, migrations))
    if (name === undefined) return done
    done.push(name)
  }
}

async function applyNext(tx: Queryable, migrations: readonly Migration[]): Promise<string | undefined> {
  await tx.query('set local statement_timeout = 0')
  await tx.query('select pg_advisory_xact_lock($1)', [LOCK])
  await tx.query(`create table if not exists public.agenticos_migrations (
    number integer primary key, name text not null, hash text not null, applied_at timestamptz not null default now())`)
  const applied = await tx.query<{ number: number, name: string, hash: string }>(
    'select number, name, hash from public.agenticos_migrations order by number')
  compare(applied, migrations)
  const next = migrations[applied.length]
  if (next === undefined) return undefined
  if (next.breaking) await refuseWhileInUse(tx, next)
  try {
    await tx.query(next.text)
  } catch (cause) {
    throw new Failure('migration-failed', `migration ${next.name} failed and was rolled back: ${cause instanceof Error ? cause.message : cause}`,
      'nothing was changed; restore what the message names, or start the previous version of the program again', { cause })
  }
  await tx.query('insert into public.agenticos_migrations (number, name, hash) values ($1, $2, $3)', [next.number, next.name, next.hash])
  return next.name
}

function compare(applied: readonly { number: number, name: string, hash: string }[], migrations: readonly Migration[]): void {
  for (const row of applied) {
    const known = migrations[row.number - 1]
    if (known === undefined) {
      fail('database-newer', `the database has migration ${row.name}, which this program does not know`,
        'start the version of the program that wrote it, or a later one; a database never goes back')
    }
    if (known.hash !== row.hash) {
      fail('migration-changed', `migration ${row.name} was applied from another text than this program has`,
        'start an unchanged release of the program; in development, begin with an empty database')
    }
  }
}

/** Processes of the version before would run on tables that changed under them. */
async function refuseWhileInUse(tx: Queryable, next: Migration): Promise<void> {
  const [table] = await tx.query<{ there: boolean }>(`select to_regclass('runtime.engines') is not null as there`)
  if (table?.there !== true) return
  const living = await tx.query<{ host: string, pid: number }>('select host, pid from runtime.engines where until > now()')
  if (living.length === 0) return
  fail('database-in-use', `migration ${next.name} breaks older processes, and ${living.map(({ host, pid }) => `${host}:${pid}`).join(', ')} still runs`,
    'stop every other process of the previous version, wait 30 s for its lease to end, and start again')
}
