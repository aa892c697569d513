import type { Database } from '../store/database.js'
import { dropDecided } from '../store/inbox/drop-decided.js'
import { insertInbox, type InboxRow } from '../store/inbox/insert.js'

const MOST_ROWS = 500
const MOST_CHARACTERS = 8_000_000

/**
 * Puts rows into inboxes. The first goes at once; those that come while one is under way go together in the next
 * transaction, in their order: a thousand puts at once are a few commits.
 */
export interface Poster {
  /** false: some key of its transaction waits already, or was decided; look for a decision */
  post(row: InboxRow & { readonly key: string }): Promise<boolean>
}

interface Waiting {
  readonly row: InboxRow & { readonly key: string }
  readonly done: (fresh: boolean) => void
  readonly failed: (error: unknown) => void
}

export function createPoster(db: Database): Poster {
  const queue: Waiting[] = []
  let running = false

  const run = async (): Promise<void> => {
    running = true
    while (queue.length > 0) {
      const batch = take(queue)
      try {
        const fresh = await insert(db, batch.map((one) => one.row))
        for (const session of new Set(batch.map((one) => one.row.session))) db.notify('inbox', session)
        for (const one of batch) one.done(fresh)
      } catch (error) {
        for (const one of batch) one.failed(error)
      }
    }
    running = false
  }
  return {
    post: (row) => new Promise((done, failed) => {
      queue.push({ row, done, failed })
      if (!running) void run()
    }),
  }
}

async function insert(db: Database, rows: readonly Waiting['row'][]): Promise<boolean> {
  return db.transaction(async (tx) => {
    const added = await insertInbox(tx, rows)
    return added > 0 && (await dropDecided(tx, rows)) === 0 && added === rows.length
  })
}

function take(queue: Waiting[]): Waiting[] {
  const batch: Waiting[] = []
  let size = 0
  while (queue.length > 0 && batch.length < MOST_ROWS && (batch.length === 0 || size + queue[0]!.row.body.length <= MOST_CHARACTERS)) {
    const next = queue.shift()!
    size += next.row.body.length
    batch.push(next)
  }
  return batch
}
