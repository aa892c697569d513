import { fail } from '../../errors.js'
import { readCommit, writeCommit, type Actor } from '../commit.js'
import { message, open, plain } from './open.js'
import { readRecord, type Record } from './record.js'
import type { Workshop } from './workshop.js'

/** Opens the proposal that undoes a merged one. */
export async function revert(shop: Workshop, number: number, by: Actor, why: string): Promise<Record> {
  const { git, blobs } = shop
  const { record } = await readRecord(git, blobs, number)
  const merged = record.merged
  if (!merged) return fail('proposal-not-merged', `proposal ${number} is ${record.state}, not merged`, record.state === 'open' ? `Close it: agenticos close ${number}.` : 'There is nothing to undo.')
  const { parents } = await readCommit(git, merged.commit)
  const before = await readCommit(git, parents[0]!)
  const words = { title: `Revert “${record.title}”`, body: plain(`${why}\n\nUndoes proposal ${number}, merged as ${merged.commit}.`) }
  // The tree from before the merge, as a commit after it: merging that into main takes back the merge and nothing that came later.
  const head = await writeCommit(git, { tree: before.tree, parents: [merged.commit], message: message(words), by })
  return await open(shop, head, '', words, by, number)
}
