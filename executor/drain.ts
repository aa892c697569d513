import { setTimeout as sleep } from 'node:timers/promises'
import type { Ledger } from './ledger.js'
import type { Settler } from './settler.js'
import type { Work } from './work.js'

const LAST_MS = 5000

/** Lets running work end, for `graceMs`; what runs then is stopped and settled as such. Resolves when nothing is owed. */
export async function drain(work: Work, settler: Settler, ledger: Ledger, graceMs: number): Promise<void> {
  const empty = new AbortController()
  const ended = work.roomFor(work.capacity, empty.signal)
  await Promise.race([ended, sleep(graceMs, undefined, { ref: false })])
  for (const piece of work.pieces) if (!piece.done) piece.controller.abort('drained')
  await Promise.race([ended.then(() => Promise.all([settler.settled(), ledger.settled()])), sleep(LAST_MS, undefined, { ref: false })])
  empty.abort()
}
