import { z } from 'zod'
import { deleteArc as without } from '../../petri/net-edit/arc-edit.js'
import { draftAnswer, editNet, elementParameter } from '../draft-edit.js'
import { netParameter } from '../parameter.js'
import { tool } from '../tool.js'

export const deleteArc = tool({
  name: 'DELETE_ARC',
  tier: 'write',
  touch: 'draft',
  description: 'Deletes the arcs from one element to another in your draft: all of them, or the one that variable or when picks.',
  parameters: z.strictObject({
    net: netParameter,
    from: elementParameter.describe('Where it begins.'),
    to: elementParameter.describe('Where it ends.'),
    variable: z.string().max(63).optional().describe('Of inputs: only the one of this variable.'),
    when: z.string().max(10_000).optional().describe('Of outputs: only the one with this when.'),
  }),
  answer: draftAnswer.extend({ deleted: z.array(z.string()).describe('The arcs that went.') }),
  async run({ net, from, to, variable, when }, desk) {
    let deleted: string[] = []
    const answer = await editNet(desk, 'DELETE_ARC', net, `${from}->${to}`, (value) => {
      const done = without(value, from, to, { variable, when })
      deleted = done.deleted
      return done.net
    })
    return { ...answer, deleted }
  },
})
