import type { Desk } from '../../../tools/desk.js'
import type { Context } from '../context.js'
import type { Bound } from './bound.js'
import { draftDesk } from './desk-drafts.js'
import { historyDesk } from './desk-history.js'
import { netDesk } from './desk-nets.js'
import { operateDesk } from './desk-operate.js'
import { outsideDesk } from './desk-outside.js'
import { tokenDesk } from './desk-tokens.js'

/** What a tool leans on, bound to one call. Each port asks for each session that it touches. */
export function createDesk(context: Context, bound: Bound): Desk {
  const { caller, signal } = bound
  return {
    caller,
    signal,
    nets: netDesk(context, bound),
    tokens: tokenDesk(context, bound),
    drafts: draftDesk(context, bound),
    operate: operateDesk(context, bound),
    history: historyDesk(context, bound),
    outside: outsideDesk(context, bound),
  }
}
