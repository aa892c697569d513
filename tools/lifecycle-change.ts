import { z } from 'zod'
import { elementAddress, netAddress } from './address.js'
import type { Desk } from './desk.js'
import { netParameter, sessionParameter, transitionParameter } from './parameter.js'
import { Refusal } from './tool.js'

export const lifecycleParameters = z.strictObject({
  transition: transitionParameter.optional(),
  net: netParameter.optional(),
  session: sessionParameter.optional().describe('A whole session.'),
  reason: z.string().max(1_000).default('').describe('Why; it is recorded and shown.'),
})

export const lifecycleAnswer = z.object({ scope: z.string(), state: z.string(), running: z.array(z.int()).describe('Firings that an executor has begun.') })

/** Starts or stops exactly one of a transition, a net and a session. */
export async function changeLifecycle(desk: Desk, { transition, net, session, reason }: z.output<typeof lifecycleParameters>, state: 'running' | 'stopped'): Promise<z.output<typeof lifecycleAnswer>> {
  if ([transition, net, session].filter((one) => one !== undefined).length !== 1) throw new Refusal('bad-parameters', 'exactly one of transition, net and session is to be given', 'name what to start or stop')
  const target = transition !== undefined ? elementAddress(desk, transition, 'transition') : net !== undefined ? { ...netAddress(desk, net), element: '' } : { session: session!, net: '', element: '' }
  const done = await desk.operate.lifecycle(target.session, target.net, target.element, state, reason)
  return { scope: [target.session, target.net, target.element].filter((part) => part !== '').join('/'), state: done.state, running: [...done.leased] }
}
