import { readFileSync, statSync } from 'node:fs'
import { fail } from '../../errors.js'

/** Whom the server runs as; undefined: as ourselves. */
export type Account = { readonly uid: number, readonly gid: number } | undefined

const PREFERRED = ['postgres', 'node', 'nobody']

/**
 * Postgres refuses to run as root. As root, the server runs as the user that owns its directory, or, for a new
 * one, as `postgres`, `node` or `nobody`: the first that there is.
 */
export function chooseAccount(cluster: string): Account {
  if (process.getuid?.() !== 0) return undefined
  const owner = statSync(cluster, { throwIfNoEntry: false })
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  const users = readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':'))
  for (const name of PREFERRED) {
    const entry = users.find(([user]) => user === name)
    if (entry !== undefined) return { uid: Number(entry[2]), gid: Number(entry[3]) }
  }
  return fail('embedded-failed', `Postgres does not run as root, and none of the users ${PREFERRED.join(', ')} exists`,
    'start as an ordinary user, make a user called postgres, or set DATABASE_URL')
}
