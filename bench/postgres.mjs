// One real server for everybody: the embedded one, fsync on, default settings.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { createLog } from '../dist/controller/log.js'
import { openDatabase } from '../dist/controller/store/database.js'
import { startEmbedded } from '../dist/controller/store/embedded.js'
import { migrate } from '../dist/controller/store/migrate.js'
import { postgresOf } from './processor.mjs'

export async function startServer() {
  const dir = await mkdtemp(join(tmpdir(), 'agenticos-bench-'))
  const server = await startEmbedded(dir, createLog({ level: 'silent' }))
  let made = 0
  return {
    dir,
    /** a fresh database; ours is migrated and opened */
    async fresh() {
      const name = `bench_${++made}`
      await admin(server.url, `create database ${name}`)
      return server.url.replace(/\/[^/]*$/, `/${name}`)
    },
    async ours() {
      const url = await this.fresh()
      const db = await openDatabase(url, { connections: 12 })
      await migrate(db)
      return { url, db }
    },
    /** its first process, asked of an open database */
    async postgres(db) {
      const [{ pid }] = await db.query('select pg_backend_pid() as pid')
      return postgresOf(pid)
    },
    async drop(url) {
      await admin(server.url, `drop database ${url.split('/').at(-1)} with (force)`)
    },
    async stop() {
      await server.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** pg parses `postgres://user:pass@%2Fsocket/db`, as our URLs are written. */
export function client(url) {
  return new pg.Client({ connectionString: url })
}

async function admin(url, text) {
  const connection = client(url)
  await connection.connect()
  await connection.query(text)
  await connection.end()
}
