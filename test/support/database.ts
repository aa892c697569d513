import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, inject } from 'vitest'
import { openDatabase, type Database, type DatabaseOptions } from '../../controller/store/database.js'

export interface TestDatabase {
  readonly url: string
  readonly database: Database
}

const made: { readonly name: string, readonly database: Database }[] = []

afterAll(async () => {
  for (const { name, database } of made) {
    await database.close()
    await asAdmin(`drop database ${name} with (force)`)
  }
})

/** A database of its own, copied from the migrated template in some 50 ms and dropped after the file's tests. */
export async function testDatabase(options: DatabaseOptions = {}): Promise<TestDatabase> {
  const { url: server, template } = inject('postgres')
  const name = `test_${randomBytes(6).toString('hex')}`
  const url = server.replace(/[^/]*$/, name)
  await asAdmin(`create database ${name} template ${template}`)
  const database = await openDatabase(url, options)
  made.push({ name, database })
  return { url, database }
}

/** One statement on the run's server, outside every test's database. */
async function asAdmin(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgres').url })
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}
