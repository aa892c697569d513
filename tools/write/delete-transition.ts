import { z } from 'zod'
import { deleteTransition as without } from '../../petri/net-edit/transition-edit.js'
import { draftAnswer, editNet, elementParameter } from '../draft-edit.js'
import { netParameter } from '../parameter.js'
import { tool } from '../tool.js'

export const deleteTransition = tool({
  name: 'DELETE_TRANSITION',
  tier: 'write',
  touch: 'draft',
  description: 'Deletes a transition with its arcs in your draft.',
  parameters: z.strictObject({ net: netParameter, transition: elementParameter.describe('Its name.') }),
  answer: draftAnswer,
  run: ({ net, transition }, desk) => editNet(desk, 'DELETE_TRANSITION', net, transition, (value) => without(value, transition)),
})
