import { z } from 'zod'
import { createNet as made } from '../../petri/net-edit/net-edit.js'
import type { JsonObject } from '../../petri/json.js'
import { netAddress } from '../address.js'
import { draftAnswer, editFile } from '../draft-edit.js'
import { netParameter } from '../parameter.js'
import { tool } from '../tool.js'

export const createNet = tool({
  name: 'CREATE_NET',
  tier: 'write',
  touch: 'draft',
  description: 'Begins a net in your draft, or sets title, description or params of one that is there. Then give it places, transitions and arcs.',
  parameters: z.strictObject({
    net: netParameter,
    title: z.string().max(200).optional().describe('Short name for people and agents.'),
    description: z.string().max(4_000).optional().describe('What it is for.'),
    params: z.record(z.string().max(63), z.unknown()).optional().describe('Values for ${params.x}, by name; those not given stay.'),
  }),
  answer: draftAnswer,
  run: ({ net, title, description, params }, desk) =>
    editFile(desk, 'CREATE_NET', net, '', (value) => made(value, netAddress(desk, net).net, { title, description, params: params as JsonObject | undefined })),
})
