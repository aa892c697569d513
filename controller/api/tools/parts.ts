import type { Database } from '../../store/database.js'
import { CachedSettings } from '../../store/settings/cached.js'
import { createInboxGate } from '../put.js'
import { createBook, type Book } from './book.js'
import { createFirings, type Firings } from './firings.js'

/** What all tool calls of this API share. */
export interface ToolParts {
  readonly book: Book
  readonly settings: CachedSettings
  readonly firings: Firings
  /** refuses while too much waits in a session's inbox */
  readonly gate: (session: string) => Promise<void>
}

export function createToolParts(db: Database): ToolParts {
  return { book: createBook(db), settings: new CachedSettings(db), firings: createFirings(db), gate: createInboxGate(db) }
}
