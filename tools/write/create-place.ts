import { z } from 'zod'
import { createPlace as made } from '../../petri/net-edit/place-edit.js'
import { draftAnswer, editNet, elementParameter, given } from '../draft-edit.js'
import { anyData, netParameter } from '../parameter.js'
import { tool } from '../tool.js'

export const createPlace = tool({
  name: 'CREATE_PLACE',
  tier: 'write',
  touch: 'draft',
  description: 'Adds a place to a net of your draft. Of a place that is there already the given keys are set and the others stay.',
  parameters: z.strictObject({
    net: netParameter,
    place: elementParameter.describe('Its name: a noun, a-z, 0-9 and -.'),
    category: z.enum(['task', 'context', 'tool', 'learning']).optional().describe('task (consumed), context, tool or learning (read). task for a new place unless given.'),
    title: z.string().max(200).optional().describe('Short name for people and agents.'),
    description: z.string().max(4_000).optional().describe('What its tokens are.'),
    capacity: z.int().min(1).optional().describe('Most tokens it holds.'),
    schema: z.record(z.string(), z.unknown()).optional().describe('JSON Schema 2020-12 of its tokens.'),
    tokens: z.union([z.array(anyData).max(1_000), z.int().min(0)]).optional().describe('Tokens it begins with: a list of data, or how many plain ones.'),
    key: z.union([z.string(), z.array(z.string()).min(1)]).optional().describe('Path such as $.ip (or a list) whose values are unique in the place.'),
    onDuplicate: z.enum(['refuse', 'replace', 'ignore']).optional().describe('What becomes of a second token with the same key.'),
    keep: z.int().min(0).optional().describe('The oldest free tokens beyond so many go.'),
    ttl: z.string().max(30).optional().describe('Free tokens older than this go, e.g. 7d.'),
    shares: z.string().max(130).optional().describe('net/place of the same session whose tokens this place shows; then give no other key.'),
    open: z.array(z.string()).optional().describe('Sessions (or globs) that may send here.'),
    sends: z.string().max(200).optional().describe('session/net/place to which its tokens go.'),
  }),
  answer: draftAnswer,
  run: ({ net, place, ...words }, desk) => editNet(desk, 'CREATE_PLACE', net, place, (value) => made(value, place, given(words))),
})
