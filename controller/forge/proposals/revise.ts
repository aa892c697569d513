import type { Actor } from '../commit.js'
import { headRef, metaRef } from '../ref-name.js'
import { moveRefs, untilTaken } from '../refs.js'
import { readRecord, writeRecord, type Record } from './record.js'
import { happened, now, type Workshop } from './workshop.js'

/** Moves an open proposal along to a head, its words with it; one that is there already, or is not open, stays as it is. */
export async function revise({ git, blobs }: Workshop, number: number, head: string, by: Actor, words: (record: Record) => Record = (record) => record): Promise<Record> {
  return await untilTaken(git, async () => {
    const { record, meta } = await readRecord(git, blobs, number)
    if (record.state !== 'open' || record.head === head) return record
    const at = now()
    const what = `pushed ${head}`
    const next = { ...words(record), head, updatedAt: at, events: happened(record, by, what, at) }
    const written = await writeRecord(git, next, meta, by, `${by.name}: ${what}`)
    const moved = await moveRefs(git, [{ ref: headRef(number), to: head, from: record.head }, { ref: metaRef(number), to: written, from: meta }], what)
    return moved ? next : undefined
  })
}
