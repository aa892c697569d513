import type { Log } from '../log.js'
import type { Queryable } from '../store/database.js'
import { findDecisions, type DecisionRow } from '../store/decisions/find.js'
import type { Hub } from './hub.js'

const MOST_KEYS = 1_000
const SWEEP = 1_000

/** Waits that were begun; each ends by itself. */
export interface Expected {
  /** what is decided of the keys after at most `ms`; sooner when all are */
  until(ms: number): Promise<ReadonlyMap<string, DecisionRow>>
}

/**
 * Who waits for decisions of a session is served together: one statement at a time asks for all keys that are waited for,
 * after each hint and every second, however many wait.
 */
export interface Decisions {
  /** begin before the row goes in, so that no hint is missed; `look` asks once at the start, for keys that may be decided */
  expect(session: string, keys: readonly string[], look: boolean): Expected
  /** asks now: something tells that a decision may be there without a hint */
  poke(session: string): void
}

interface Room {
  readonly keys: Map<string, Set<(row: DecisionRow) => void>>
  poke: AbortController
}

export function createDecisions(db: Queryable, hub: Hub, log: Log): Decisions {
  const rooms = new Map<string, Room>()

  const run = async (session: string, room: Room, look: boolean): Promise<void> => {
    let due = look
    while (room.keys.size > 0 && !hub.signal.aborted) {
      room.poke = new AbortController()
      // asked for before the look, so that what is decided in between is not missed
      const news = hub.news('decided', session, SWEEP, room.poke.signal)
      if (due) await ask(session, room)
      due = true
      if (room.keys.size > 0) await news
      else room.poke.abort()
    }
    rooms.delete(session)
  }

  const ask = async (session: string, room: Room): Promise<void> => {
    const open = [...room.keys.keys()]
    for (let at = 0; at < open.length; at += MOST_KEYS) {
      for (const row of await findDecisions(db, session, open.slice(at, at + MOST_KEYS))) {
        const waiters = room.keys.get(row.key)
        room.keys.delete(row.key)
        for (const tell of waiters ?? []) tell(row)
      }
    }
  }

  return {
    poke: (session) => rooms.get(session)?.poke.abort(),
    expect(session, keys, look) {
      const found = new Map<string, DecisionRow>()
      let done = () => {}
      const all = new Promise<void>((resolve) => { done = resolve })
      const tell = (row: DecisionRow) => {
        found.set(row.key, row)
        if (found.size === keys.length) done()
      }
      let room = rooms.get(session)
      const begun = room === undefined
      if (!room) rooms.set(session, (room = { keys: new Map(), poke: new AbortController() }))
      for (const key of keys) {
        const waiters = room.keys.get(key)
        if (waiters) waiters.add(tell)
        else room.keys.set(key, new Set([tell]))
      }
      if (keys.length === 0) done()
      if (begun) {
        const own = room
        run(session, own, look).catch((error: unknown) => {
          log.error({ err: error, session }, 'decisions could not be asked for')
          rooms.delete(session)
        })
      } else if (look) room.poke.abort()
      const held = room
      return {
        async until(ms) {
          const stop = new AbortController()
          const timer = setTimeout(() => done(), ms)
          hub.signal.addEventListener('abort', done, { once: true, signal: stop.signal })
          if (hub.signal.aborted) done()
          await all
          clearTimeout(timer)
          stop.abort()
          for (const key of keys) {
            const waiters = held.keys.get(key)
            if (waiters?.delete(tell) && waiters.size === 0) held.keys.delete(key)
          }
          return found
        },
      }
    },
  }
}
