import type { ProgressItem } from '../../protocol/ledger.js'
import type { Dispatch } from './dispatch.js'

/** Postgres takes a payload of 8,000 bytes. */
const MOST_BYTES = 7_000

/** Tells watchers what agents are doing just now. Kept nowhere; of firings that the executor does not hold nothing is told. */
export async function progress(dispatch: Dispatch, executor: string, items: readonly ProgressItem[]): Promise<void> {
  const held = await dispatch.places.of(dispatch.db, executor, items)
  for (const item of items) if (held.has(`${item.session} ${item.firing}`)) dispatch.db.notify('progress', payload(item))
}

function payload(item: ProgressItem): string {
  let text = JSON.stringify(item)
  for (let most = 2_000; Buffer.byteLength(text) > MOST_BYTES && most > 0; most = Math.floor(most / 2)) text = JSON.stringify({ ...item, text: `${item.text.slice(0, most)} …` })
  return text
}
