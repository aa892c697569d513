import { z } from 'zod'
import type { JsonObject } from '../../petri/json.js'
import { setInscription as inscribed } from '../../petri/net-edit/transition-edit.js'
import { draftAnswer, editNet, elementParameter } from '../draft-edit.js'
import { netParameter } from '../parameter.js'
import { Refusal, tool } from '../tool.js'

export const setInscription = tool({
  name: 'SET_INSCRIPTION',
  tier: 'write',
  touch: 'draft',
  description: 'Sets what a transition of your draft is besides its arcs: do, schedule, retry, timeout, rate, credentials, budget, approval ... Either the whole `inscription`, or a `patch` of some keys.',
  parameters: z.strictObject({
    net: netParameter,
    transition: elementParameter.describe('Its name.'),
    inscription: z.record(z.string(), z.unknown()).optional().describe('The whole of it: kind (unless it stays), do, and whatever else; what is left out goes. Arcs stay unless in or out are given.'),
    patch: z.record(z.string(), z.unknown()).optional().describe('JSON merge patch: given keys are set, null takes one away, all else stays.'),
  }),
  answer: draftAnswer,
  run({ net, transition, inscription, patch }, desk) {
    if ((inscription === undefined) === (patch === undefined)) throw new Refusal('bad-parameters', 'exactly one of inscription and patch is to be given', 'patch changes some keys; inscription replaces all but the arcs')
    const change = patch === undefined ? { inscription: inscription as JsonObject } : { patch: patch as JsonObject }
    return editNet(desk, 'SET_INSCRIPTION', net, transition, (value) => inscribed(value, transition, change))
  },
})
