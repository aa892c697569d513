import { z } from 'zod'
import { deletePlace as without } from '../../petri/net-edit/place-edit.js'
import { draftAnswer, editNet, elementParameter } from '../draft-edit.js'
import { netParameter } from '../parameter.js'
import { tool } from '../tool.js'

export const deletePlace = tool({
  name: 'DELETE_PLACE',
  tier: 'write',
  touch: 'draft',
  description: 'Deletes a place in your draft. One with arcs is refused with their list, unless arcs is true.',
  parameters: z.strictObject({
    net: netParameter,
    place: elementParameter.describe('Its name.'),
    arcs: z.boolean().default(false).describe('true: its arcs go with it.'),
  }),
  answer: draftAnswer,
  run: ({ net, place, arcs }, desk) => editNet(desk, 'DELETE_PLACE', net, place, (value) => without(value, place, arcs)),
})
