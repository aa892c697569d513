import { randomUUID } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createAccess } from '../store/access/create.js'
import { findAccess } from '../store/access/find.js'
import type { Database } from '../store/database.js'
import { hashToken, mint, sameHash, tokenIdOf } from './secret.js'

/** `<dataDir>/admin-token` (0600) holds a token that works; made at the first start, or when the database does not know it. */
export async function ensureAdminToken(db: Database, dataDir: string): Promise<string> {
  const file = join(dataDir, 'admin-token')
  const known = (await readFile(file, 'utf8').catch(() => '')).trim()
  const id = tokenIdOf(known)
  const row = id === undefined ? undefined : await findAccess(db, id)
  if (row && sameHash(row.hash, hashToken(known)) && !row.revoked_at && !row.expired) return known
  const made = mint()
  await createAccess(db, { id: made.id, hash: made.hash, kind: 'api', name: 'admin', scopes: ['admin'], sessions: ['*'], expiresInDays: null })
  const fresh = `${file}.${randomUUID()}`
  await writeFile(fresh, `${made.token}\n`, { mode: 0o600, flag: 'wx' })
  await rename(fresh, file)
  return made.token
}
