import type { JsonObject } from '../../../petri/json.js'
import type { Database } from '../../store/database.js'
import { beginToolCalls, type NewToolCall, type ToolCallRow } from '../../store/calls/tool-begin.js'
import { recordToolCalls, type ToolOutcome } from '../../store/calls/tool-record.js'
import { insertNotes } from '../../store/inbox/insert-notes.js'
import { gather } from '../gather.js'

const MOST = 200

export interface Entry {
  /** session whose log is told; undefined: none is */
  readonly session: string | undefined
  readonly note: JsonObject
  /** of a numbered call: what came of it */
  readonly outcome?: ToolOutcome | undefined
}

/** Where tool calls are written down. Many at once share statements and commits; each is durable when it is answered. */
export interface Book {
  begin(call: NewToolCall): Promise<ToolCallRow>
  write(entry: Entry): Promise<void>
}

export function createBook(db: Database): Book {
  return {
    begin: gather<NewToolCall, ToolCallRow>(MOST, async (calls) => {
      const found = new Map<string, ToolCallRow>()
      // one statement may touch a row once: equal numbers go one after the other
      for (let rest = [...calls]; rest.length > 0;) {
        const now = new Map(rest.map((call) => [keyOf(call), call]))
        for (const row of await beginToolCalls(db, [...now.values()])) found.set(keyOf(row), row)
        rest = rest.filter((call) => !found.has(keyOf(call)))
      }
      return calls.map((call) => found.get(keyOf(call))!)
    }),
    write: gather<Entry, undefined>(MOST, async (entries) => {
      const outcomes = entries.flatMap(({ outcome }) => outcome ?? [])
      const rows = byOwner(entries)
      if (outcomes.length > 0) await recordToolCalls(db, outcomes, rows)
      else if (rows.length > 0) await insertNotes(db, rows)
      for (const { session } of rows) db.notify('inbox', session)
      return entries.map(() => undefined)
    }),
  }
}

function byOwner(entries: readonly Entry[]): { session: string; body: string }[] {
  const notes = new Map<string, JsonObject[]>()
  for (const { session, note } of entries) {
    if (session === undefined) continue
    const list = notes.get(session)
    if (list) list.push(note)
    else notes.set(session, [note])
  }
  return [...notes].map(([session, list]) => ({ session, body: JSON.stringify({ notes: list }) }))
}

function keyOf({ session, firing, call }: { readonly session: string; readonly firing: number; readonly call: number }): string {
  return `${session}/${firing}/${call}`
}
