import { setTimeout as sleep } from 'node:timers/promises'
import { API } from '../protocol/api.js'
import { eventAnswer, type EventAnswer } from '../protocol/api/history.js'
import { ProblemError, UnreachableError } from '../protocol/client.js'
import { progressItem, type ProgressItem } from '../protocol/ledger.js'
import { readSse } from '../protocol/sse.js'
import type { Shell } from './shell.js'

/** Follows a session's events until Ctrl-C: a lost connection is made anew and goes on after the last event that came. `hear` gets what agents say, where the filter asks for progress. */
export async function follow(shell: Shell, session: string, after: number | undefined, filter: object, print: (event: EventAnswer) => void, hear?: (item: ProgressItem) => void): Promise<void> {
  let last = after
  let pause = 250
  while (!shell.signal.aborted) {
    try {
      const headers = last === undefined ? {} : { 'last-event-id': String(last) }
      const answer = await shell.client().open(API.streamEvents, { params: { session }, query: filter, headers, signal: shell.signal })
      for await (const message of readSse(answer.body!)) {
        shell.done()
        pause = 250
        if (message.begins !== undefined) last ??= message.begins
        if (message.data === undefined) continue
        if (message.event === 'progress') {
          const said = progressItem.safeParse(JSON.parse(message.data))
          if (said.success) hear?.(said.data)
          continue
        }
        const read = eventAnswer.safeParse(JSON.parse(message.data))
        if (!read.success) continue
        last = read.data.n
        print(read.data)
      }
    } catch (error) {
      if (shell.signal.aborted) return
      const passing = error instanceof UnreachableError || (error instanceof ProblemError && error.problem.status >= 500) || error instanceof TypeError
      if (!passing) throw error
    }
    if (shell.signal.aborted) return
    shell.progress(`the stream ended${last === undefined ? '' : ` after event ${last}`}; connecting again`)
    await sleep(pause, undefined, { signal: shell.signal }).catch(() => undefined)
    pause = Math.min(pause * 2, 5_000)
  }
}
