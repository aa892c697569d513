import type { Forge } from '../forge/forge.js'
import type { Database } from '../store/database.js'
import { pruneGenerations } from '../store/generations/prune.js'
import { pruneNets } from '../store/nets/prune.js'
import { pruneRevisions } from '../store/revisions/prune.js'

const EVERY_MS = 10 * 60_000

/** Deletes what nothing refers to any more, now and then. Tokens are never touched: those of a place that went are orphans. */
export function openPrune(db: Database, forge: Pick<Forge, 'maintain'>): () => Promise<void> {
  let last = -Infinity
  return async () => {
    if (performance.now() - last < EVERY_MS) return
    last = performance.now()
    await pruneGenerations(db)
    await pruneNets(db)
    await pruneRevisions(db)
    await forge.maintain()
  }
}
