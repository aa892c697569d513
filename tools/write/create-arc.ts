import { z } from 'zod'
import { createArc as made } from '../../petri/net-edit/arc-edit.js'
import { draftAnswer, editNet, elementParameter, given } from '../draft-edit.js'
import { anyData, netParameter } from '../parameter.js'
import { tool } from '../tool.js'

export const createArc = tool({
  name: 'CREATE_ARC',
  tier: 'write',
  touch: 'draft',
  description: 'Joins a place and a transition of a net of your draft: from place to transition it binds tokens, from transition to place it emits them. Of an arc that is there already the given keys are set.',
  parameters: z.strictObject({
    net: netParameter,
    from: elementParameter.describe('Place or transition it begins at; _failed for dead letters.'),
    to: elementParameter.describe('Transition or place it ends at.'),
    variable: z.string().max(63).optional().describe('Input: name of the token in ${}; the place’s name in camelCase unless given. Another variable makes a second arc.'),
    where: z.string().max(10_000).optional().describe('Input: ArcQL condition of the token, e.g. $.level == "error"; earlier variables stand in ${}.'),
    take: z.union([z.int().min(0).max(10_000), z.string().max(200), z.strictObject({ upTo: z.int().min(1).max(10_000) })]).optional().describe('Input: how many: a number, "all", {upTo: n} or "${earlier.path}"; one unless given.'),
    mode: z.enum(['consume', 'read', 'inhibit']).optional().describe('Input: consume for task, read for other places unless given; inhibit fires only where nothing matches.'),
    orderBy: z.string().max(2_000).optional().describe('Input: ArcQL order such as $.priority DESC; oldest first unless given.'),
    optional: z.boolean().optional().describe('Input: fires without a match too; the variable is null then.'),
    otherwise: z.boolean().optional().describe('Input: takes what no other arc from that place takes.'),
    after: z.string().max(500).optional().describe('Input: only tokens older than this duration, or a path to a time in the token.'),
    emit: anyData.optional().describe('Output: any JSON with ${}; ${result} unless given. "tools": only an agent’s token tools put here.'),
    each: z.string().max(2_000).optional().describe('Output: ${} of a list; emits once an element, as item.'),
    when: z.string().max(10_000).optional().describe('Output: success (unless given), error, otherwise, or a condition over the result. Another `when` makes a second arc.'),
  }),
  answer: draftAnswer,
  run: ({ net, from, to, variable, emit, each, when, ...input }, desk) =>
    editNet(desk, 'CREATE_ARC', net, `${from}->${to}`, (value) => made(value, from, to, { variable, input: given(input), output: given({ emit, each, when }) })),
})
