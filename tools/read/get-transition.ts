import { z } from 'zod'
import { elementAddress, shown } from '../address.js'
import { transitionParameter } from '../parameter.js'
import { transitionState } from '../transition-state.js'
import { tool } from '../tool.js'

export const getTransition = tool({
  name: 'GET_TRANSITION',
  tier: 'read',
  touch: 'reads',
  description: 'Shows a transition as it runs: its whole inscription with defaults written out, whether it runs, how often it fired and failed, and what it cost so far.',
  parameters: z.strictObject({ transition: transitionParameter }),
  answer: z.object({ scope: z.string(), state: transitionState, inscription: z.unknown() }),
  async run({ transition }, desk) {
    const address = elementAddress(desk, transition, 'transition')
    const inscription = await desk.nets.transition(address)
    const state = await desk.nets.transitionState(address)
    return { scope: shown(address), state: { ...state, waiting: [...state.waiting] }, inscription }
  },
})
