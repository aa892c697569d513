import { findCapabilities, type CapabilityRow } from '../../store/capabilities/find.js'
import type { Database } from '../../store/database.js'
import { CachedSettings } from '../../store/settings/cached.js'
import { gather } from '../gather.js'
import { createInboxGate } from '../put.js'
import { createBook, type Book } from './book.js'
import { createFirings, type Firings } from './firings.js'

const MOST = 200

/** What all tool calls of this API share. */
export interface ToolParts {
  readonly book: Book
  readonly settings: CachedSettings
  /** asks the database each time; those that are asked for at once are asked for together */
  readonly capability: (id: string) => Promise<CapabilityRow | undefined>
  readonly firings: Firings
  /** refuses while too much waits in a session's inbox */
  readonly gate: (session: string) => Promise<void>
}

export function createToolParts(db: Database): ToolParts {
  return { book: createBook(db), settings: new CachedSettings(db), capability: capabilities(db), firings: createFirings(db), gate: createInboxGate(db) }
}

function capabilities(db: Database): ToolParts['capability'] {
  return gather(MOST, async (ids: readonly string[]) => {
    const rows = new Map((await findCapabilities(db, [...new Set(ids)])).map((row) => [row.id, row]))
    return ids.map((id) => rows.get(id))
  })
}
