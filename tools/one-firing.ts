import { z } from 'zod'
import { elementAddress, shown } from './address.js'
import type { Desk } from './desk.js'
import { listedToken, showListed } from './listed-token.js'
import { transitionParameter, waitParameter } from './parameter.js'
import { Refusal } from './tool.js'

export const firingParameters = z.strictObject({
  transition: transitionParameter,
  wait: waitParameter.default(30).describe('Seconds to wait for its end; 30 unless given, 60 at most.'),
})

export const firingAnswer = z.object({
  scope: z.string(), firing: z.int().nullable(), state: z.string().describe('fired, failed, retrying, or started: it goes on after the wait.'),
  produced: z.array(listedToken.extend({ place: z.string() })), error: z.string(),
})

const MODELS = ['llm', 'agent']

/** Fires one binding now; `kinds` says which kinds this tool is for. */
export async function fireOnce(desk: Desk, { transition, wait }: z.output<typeof firingParameters>, kinds: 'models' | 'others' | 'all'): Promise<z.output<typeof firingAnswer>> {
  const address = elementAddress(desk, transition, 'transition')
  const { kind } = await desk.nets.transition(address)
  if (kind === 'link') throw new Refusal('not-runnable', `${shown(address)} is a link: it never fires`, 'GET_LINKED_PLACES walks links')
  if (kinds === 'others' && MODELS.includes(kind)) throw new Refusal('wrong-kind', `${shown(address)} is of kind ${kind}: FIRE_ONCE is for pass, map, http and command`, 'call EXECUTE_TRANSITION')
  if (kinds === 'models' && !MODELS.includes(kind)) throw new Refusal('wrong-kind', `${shown(address)} is of kind ${kind}: EXECUTE_TRANSITION is for llm and agent`, 'call FIRE_ONCE')
  const done = await desk.operate.fire(address, wait * 1000)
  return { scope: shown(address), firing: done.firing, state: done.state, error: done.error, produced: done.produced.map((token) => ({ ...showListed(token), place: `${address.session}/${token.place}` })) }
}
