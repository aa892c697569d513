import type { z } from 'zod'
import type { waitRequest } from '../../protocol/ledger.js'
import { lockSessions } from '../store/effects/lock-sessions.js'
import { putBack } from '../store/effects/wait.js'
import { wakeWaiting } from '../store/effects/wake-waiting.js'
import type { Dispatch } from './dispatch.js'

/** Puts unfinished work back until its budget or rate allows more; false: its lease is over, or it is cancelled. */
export async function wait(dispatch: Dispatch, executor: string, { firing, scope, message, untilMs }: z.infer<typeof waitRequest>): Promise<boolean> {
  const pool = await dispatch.db.transaction(async (tx) => {
    await lockSessions(tx, [firing.session])
    return putBack(tx, executor, firing, untilMs, message, scope)
  })
  if (pool === undefined) return false
  dispatch.db.notify('effects', pool)
  return true
}

/** The design changed, and with it perhaps a budget: what waits for one tries again. */
export async function wake({ db, designs }: Dispatch): Promise<void> {
  designs.forget()
  for (const pool of await wakeWaiting(db)) db.notify('effects', pool)
}
