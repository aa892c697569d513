import { fail } from '../../errors.js'
import type { Blobs } from '../blobs.js'
import type { Checker } from '../checked.js'
import type { Actor } from '../commit.js'
import { draftRef, readDraftBranch } from '../draft-name.js'
import type { Git } from '../git.js'
import { MAIN, metaRef } from '../ref-name.js'
import { moveRefs, NONE, readRef, untilTaken, type RefChange } from '../refs.js'
import type { Judge } from '../verdict.js'
import { readRecord, writeRecord, type Record, type Stored } from './record.js'

/** What the verbs on proposals work with. */
export interface Workshop {
  readonly git: Git
  readonly blobs: Blobs
  readonly checker: Checker
  readonly judge: Judge
}

export const now = (): string => new Date().toISOString()

/** The commit of main; there always is one. */
export async function mainOf(git: Git): Promise<string> {
  return (await readRef(git, MAIN)) ?? fail('git-failed', 'the repository has no main branch', 'Restore it from a clone: git push --mirror.')
}

/** The newest things that happened; all of them are in the history of the meta ref. */
export function happened({ events }: Record, by: Actor, what: string, at: string): Record['events'] {
  return [...events, { by: by.name, at, what }].slice(-1_000)
}

/** Changes a proposal's record and nothing else, whoever else writes at the same time. `edit` gives undefined to leave it. */
export async function change(shop: Workshop, number: number, by: Actor, what: string, edit: (stored: Stored) => Record | undefined | Promise<Record | undefined>): Promise<Record> {
  return await untilTaken(shop.git, async () => {
    const stored = await readRecord(shop.git, shop.blobs, number)
    const edited = await edit(stored)
    if (!edited) return stored.record
    const at = now()
    const next = { ...edited, updatedAt: at, events: happened(edited, by, what, at) }
    const meta = await writeRecord(shop.git, next, stored.meta, by, `${by.name}: ${what}`)
    const ends = next.state === 'closed' && stored.record.state === 'open' ? await endOfDraft(shop.git, next) : []
    return (await moveRefs(shop.git, [{ ref: metaRef(number), to: meta, from: stored.meta }, ...ends], what)) ? next : undefined
  })
}

/** The end of a proposal is the end of its draft, unless that went on in the meantime. For the same transaction of refs. */
export async function endOfDraft(git: Git, { branch, head }: Record): Promise<RefChange[]> {
  const name = readDraftBranch(branch)
  return name && (await readRef(git, draftRef(name))) === head ? [{ ref: draftRef(name), to: NONE, from: head }] : []
}

export function requireOpen(record: Record): void {
  if (record.state === 'open') return
  fail('proposal-not-open', `proposal ${record.number} is ${record.state}`, record.state === 'merged' ? `Undo it with: agenticos revert ${record.number}.` : 'Open a new one: agenticos propose.')
}
