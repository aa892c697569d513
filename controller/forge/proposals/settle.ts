import { MAIN, metaRef } from '../ref-name.js'
import { moveRefs } from '../refs.js'
import { listRecords, readRecord, writeRecord, type Record } from './record.js'
import { happened, type Workshop } from './workshop.js'

/** Ends a merge that fell between its refs: main has the proposal's head by a merge, its record still says open. */
export async function settle({ git, blobs }: Workshop, number: number): Promise<Record | undefined> {
  const { record, meta } = await readRecord(git, blobs, number)
  if (record.state !== 'open') return record
  const rows = (await git.text(['rev-list', '--merges', '--first-parent', '--parents', '--max-count=1000', MAIN])).split('\n').map((row) => row.split(' '))
  const commit = rows.find(([, , second]) => second === record.head)?.[0]
  if (commit === undefined) return undefined
  const [by = '', at = ''] = (await git.text(['show', '-s', '--format=%an%x00%aI', commit])).split('\0')
  const merged: Record = { ...record, state: 'merged', updatedAt: at, merged: { by, at, commit }, events: happened(record, { name: by }, `merged as ${commit}`, at) }
  const next = await writeRecord(git, merged, meta, { name: by }, `${by}: merged as ${commit}`)
  return (await moveRefs(git, [{ ref: metaRef(number), to: next, from: meta }], 'settle')) ? merged : undefined
}

/** Settles all that a crash may have left. */
export async function settleAll(shop: Workshop): Promise<void> {
  for (const { number, state } of await listRecords(shop.git, shop.blobs)) if (state === 'open') await settle(shop, number)
}
