import { z } from 'zod'
import { createTransition as made } from '../../petri/net-edit/transition-edit.js'
import { draftAnswer, editNet, elementParameter, given } from '../draft-edit.js'
import { netParameter } from '../parameter.js'
import { tool } from '../tool.js'

export const createTransition = tool({
  name: 'CREATE_TRANSITION',
  tier: 'write',
  touch: 'draft',
  description: 'Adds a transition to a net of your draft. Its arcs come by CREATE_ARC, all else it says by SET_INSCRIPTION; without `do` a kind that needs one is a finding until you set it.',
  parameters: z.strictObject({
    net: netParameter,
    transition: elementParameter.describe('Its name: a verb, a-z, 0-9 and -.'),
    kind: z.enum(['pass', 'map', 'link', 'http', 'llm', 'agent', 'command']).describe('pass moves, map computes, link says how two places relate, http calls, command runs a program, llm asks a model, agent works with tools.'),
    do: z.record(z.string(), z.unknown()).optional().describe('What it does, as its kind says: {template}, {relation}, {url, ...}, {argv, ...}, {prompt, ...}.'),
    title: z.string().max(200).optional().describe('Short name for people and agents.'),
    description: z.string().max(4_000).optional().describe('What it does and why.'),
  }),
  answer: draftAnswer,
  run: ({ net, transition, kind, ...words }, desk) => editNet(desk, 'CREATE_TRANSITION', net, transition, (value) => made(value, transition, kind, given(words))),
})
