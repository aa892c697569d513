import type { Database } from '../store/database.js'
import { insertGenerations } from '../store/generations/insert.js'
import { pointSessions } from '../store/generations/point.js'
import { insertInbox } from '../store/inbox/insert.js'
import { writeNets, type NetVersion, type Written } from '../store/nets/write.js'
import { markApplied } from '../store/repository/apply.js'
import { lockRepository } from '../store/repository/lock.js'
import { touchRepository } from '../store/repository/touch.js'
import { endRevision } from '../store/revisions/end.js'
import { attemptRevision } from '../store/revisions/attempt.js'
import { writeSettings } from '../store/settings/write.js'
import type { Verified } from './check.js'
import type { Planned } from './plan.js'

const PORTION_BYTES = 4 * 1024 * 1024
/** What a revision's row keeps of its findings, errors first. */
export const MOST_FINDINGS = 1_000

/** Writes nets without any lock, in portions: nobody runs them yet. Gives their hashes. */
export async function writeAll(db: Database, nets: readonly NetVersion[]): Promise<Written[]> {
  const written: Written[] = []
  let portion: NetVersion[] = []
  let bytes = 0
  const flush = async (): Promise<void> => {
    if (portion.length > 0) written.push(...(await writeNets(db, portion)))
    portion = []
    bytes = 0
  }
  for (const net of nets) {
    portion.push(net)
    bytes += JSON.stringify(net.definition).length
    if (bytes > PORTION_BYTES) await flush()
  }
  await flush()
  return written
}

// a. All sessions of a commit change in this one transaction: a reader sees all of it or nothing.
// b. The lock on the repository row comes first, so reconcilers take turns; one whose picture is older than the row gives up.
// c. Sessions are locked in name order, as by everyone.

/** Points the changed sessions at their new generations, and writes changed settings. False when another reconciler was here first: read again. */
export async function apply(db: Database, { main, attempts }: Verified, { generations, settings }: Planned, version: string): Promise<boolean> {
  const done = await db.transaction(async (tx) => {
    const locked = await lockRepository(tx)
    if (locked.version !== version) return false
    if (generations.length > 0) {
      await insertGenerations(tx, generations)
      await pointSessions(tx, generations)
      await insertInbox(tx, generations.map(({ session, generation, commit }) => ({ session, kind: 'revision', key: null, body: JSON.stringify({ commit, generation }) })))
    }
    if (settings) await writeSettings(tx, settings)
    for (const { info, ok, findings } of attempts) {
      if (!ok) continue
      await attemptRevision(tx, info)
      await endRevision(tx, info.commit, 'applied', '', findings.slice(0, MOST_FINDINGS))
    }
    if (main.ok) await markApplied(tx, main.info.commit)
    else await touchRepository(tx)
    return true
  })
  if (!done) return false
  for (const { session } of generations) db.notify('inbox', session)
  const told = attempts.filter(({ ok }) => ok).map(({ info }) => info.commit)
  for (const commit of settings && !told.includes(settings.commit) ? [...told, settings.commit] : told) db.notify('revision', commit)
  return true
}
