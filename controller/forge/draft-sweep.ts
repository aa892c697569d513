import { draftBranch, draftRef, DRAFTS, readDraftBranch } from './draft-name.js'
import { listDrafts, type DraftShown } from './draft-show.js'
import { stateOf } from './draft-write.js'
import { listRecords } from './proposals/record.js'
import type { Workshop } from './proposals/workshop.js'
import { listRefs, moveRefs, NONE } from './refs.js'

/** Drafts that nobody proposed and nobody touched for so long are gone. */
export const ABANDONED_MS = 7 * 86_400_000

/** Takes away drafts that are over: main has them, their proposal was closed, or they were abandoned. Those that went. */
export async function sweepDrafts(shop: Workshop, now: number): Promise<string[]> {
  const { git, blobs } = shop
  const ended = new Map((await listRecords(git, blobs)).filter(({ state }) => state !== 'open').map(({ branch, head }) => [`${branch} ${head}`, true]))
  const known = new Map((await listDrafts(shop)).map((one) => [one.branch, one]))
  const swept: string[] = []
  for (const { ref } of await listRefs(git, DRAFTS)) {
    const name = readDraftBranch(ref)
    if (!name) continue
    const { id, live } = await stateOf(shop, name)
    const branch = draftBranch(name)
    if (id === undefined || (live && !ended.has(`${branch} ${id}`) && !abandoned(known.get(branch), id, now))) continue
    // one that moved in the meantime is somebody's work again
    if (await moveRefs(git, [{ ref: draftRef(name), to: NONE, from: id }], 'sweep of drafts')) swept.push(branch)
  }
  return swept
}

function abandoned(one: DraftShown | undefined, id: string, now: number): boolean {
  return one !== undefined && one.head === id && one.proposal === null && Date.parse(one.updatedAt) < now - ABANDONED_MS
}
