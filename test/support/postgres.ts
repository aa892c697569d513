import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { createLog } from '../../controller/log.js'
import { openDatabase } from '../../controller/store/database.js'
import { startEmbedded } from '../../controller/store/embedded.js'
import { ownerOf } from '../../controller/store/embedded/owner.js'
import { migrate } from '../../controller/store/migrate.js'

declare module 'vitest' {
  export interface ProvidedContext {
    /** address of a database on the run's server, and the name of the migrated template */
    postgres: { readonly url: string, readonly template: string }
  }
}

/** One embedded Postgres a test run, fsync on, with a migrated template that each test file copies. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  sweep()
  const dataDir = mkdtempSync(join(tmpdir(), 'agenticos-run-'))
  const server = await startEmbedded(dataDir, createLog({ level: 'silent' }))
  const template = `template_${randomBytes(4).toString('hex')}`
  const admin = new pg.Client({ connectionString: server.url })
  await admin.connect()
  await admin.query(`create database ${template}`)
  const database = await openDatabase(databaseUrl(server.url, template))
  await migrate(database)
  await database.close()
  await admin.query(`alter database ${template} with is_template true allow_connections false`)
  await admin.end()
  project.provide('postgres', { url: server.url, template })
  return async () => {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** Ends the servers of runs that were killed, and takes their folders away. */
function sweep(): void {
  for (const name of readdirSync(tmpdir())) {
    const folder = join(tmpdir(), name)
    if (!name.startsWith('agenticos-run-') || !existsSync(join(folder, 'owner')) || ownerOf(folder) !== undefined) continue
    const [pid, , , , socket] = words(join(folder, 'postgres/postmaster.pid'))
    if (socket?.includes('/agenticos-')) rmSync(socket, { recursive: true, force: true })
    try {
      // pid 0 would be our own process group
      if (Number(pid) > 1) process.kill(Number(pid), 'SIGQUIT')
    } catch {
      // it has no server any more
    }
    rmSync(folder, { recursive: true, force: true })
  }
}

function words(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
}

export function databaseUrl(url: string, name: string): string {
  return url.replace(/[^/]*$/, name)
}
