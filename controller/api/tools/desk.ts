import type { Desk } from '../../../tools/desk.js'
import type { Context } from '../context.js'
import { enter, type Bound } from './bound.js'
import { draftDesk } from './desk-drafts.js'
import { historyDesk } from './desk-history.js'
import { netDesk } from './desk-nets.js'
import { operateDesk } from './desk-operate.js'
import { outsideDesk } from './desk-outside.js'
import { tokenDesk } from './desk-tokens.js'

/** What a tool leans on, bound to one call. Each port asks for each session that it touches. */
export function createDesk(context: Context, bound: Bound): Desk {
  const { caller, signal } = bound
  const outside = outsideDesk(context, caller, signal)
  return {
    caller,
    signal,
    nets: netDesk(context, bound),
    tokens: tokenDesk(context, bound),
    drafts: draftDesk(context, bound),
    operate: operateDesk(context, bound),
    history: historyDesk(context, bound),
    outside: {
      http: async (session, ...rest) => {
        enter(bound, session)
        return await outside.http(session, ...rest)
      },
      container: async (session, ...rest) => {
        enter(bound, session)
        return await outside.container(session, ...rest)
      },
    },
  }
}
