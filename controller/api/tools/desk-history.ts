import type { JsonObject } from '../../../petri/json.js'
import type { EventAnswer } from '../../../protocol/api/history.js'
import type { HistoryPort } from '../../../tools/desk.js'
import { eventAtTime } from '../../store/events/at-time.js'
import type { Context } from '../context.js'
import { eventsAfter, eventsBefore } from '../event-list.js'
import { readCursor, writeCursor } from '../page.js'
import { enter, type Bound } from './bound.js'
import { noteOf } from './note.js'

/** The event line of a session, as one caller may read it. */
export function historyDesk({ db, applied, tools }: Context, bound: Bound): HistoryPort {
  return {
    async events({ session, since, until, newest, cursor, limit, ...filter }) {
      const { firing } = filter
      enter(bound, session)
      await applied.nets(session)
      const from = Math.max(since === undefined ? 0 : await eventAtTime(db, session, new Date(Date.parse(since) - 1).toISOString()), firing === undefined ? 0 : firing - 1)
      const last = until === undefined ? Infinity : await eventAtTime(db, session, new Date(until).toISOString())
      const at = readCursor(cursor, ['number'])?.[0]
      const listed = newest
        ? await eventsBefore(db, session, at === undefined ? (last === Infinity ? null : last + 1) : Number(at), filter, limit)
        : await eventsAfter(db, session, at === undefined ? from : Number(at), filter, limit)
      const within = listed.events.filter((event) => event.n > from && event.n <= last)
      const over = listed.reached === undefined || (newest ? listed.reached <= from + 1 : listed.reached >= last)
      return { events: within as readonly EventAnswer[] as unknown as readonly JsonObject[], ...(over ? {} : { next: writeCursor([listed.reached!]) }) }
    },
    async note(session, note) {
      enter(bound, session)
      await tools.book.write({ session, note: { ...noteOf(bound.caller), ...note, type: 'agent.noted' } })
    },
  }
}
