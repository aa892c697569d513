import { z } from 'zod'
import { elementAddress, netAddress } from '../address.js'
import { netParameter, transitionParameter } from '../parameter.js'
import { Refusal, tool } from '../tool.js'

export const deployTransition = tool({
  name: 'DEPLOY_TRANSITION',
  tier: 'execute',
  touch: 'operates',
  description: 'Proposes your draft and merges it where policy lets you; else says which proposal waits for whom. A draft is merged as a whole.',
  parameters: z.strictObject({
    net: netParameter.optional(),
    transition: transitionParameter.optional(),
    summary: z.string().max(8_000).optional().describe('What the draft changes and why; its first line is the title of the proposal.'),
  }),
  answer: z.object({
    scope: z.string().describe('What was asked for.'),
    proposal: z.int().nullable(),
    merged: z.boolean(),
    commit: z.string().nullable(),
    reason: z.string().describe('What happened, or who has to do what.'),
    diff: z.string().describe('What the draft means against main.'),
  }),
  async run({ net, transition, summary }, desk) {
    if ((net === undefined) === (transition === undefined)) throw new Refusal('bad-parameters', 'exactly one of net and transition is to be given', 'name what is to be deployed')
    const { session, net: name } = net !== undefined ? netAddress(desk, net) : elementAddress(desk, transition!, 'transition')
    const scope = net !== undefined ? `${session}/${name}` : `${session}/${name}/${transition!.split('/').at(-1)!}`
    // settles that the caller may touch it at all
    await desk.drafts.read(session, name)
    const files = (await desk.drafts.view())?.files ?? []
    if (!files.some((file) => file.startsWith(`nets/${session}/${name}.`))) {
      return { scope, proposal: null, merged: false, commit: null, reason: `your draft does not change ${session}/${name}: what main has of it runs, or begins to`, diff: '' }
    }
    const proposed = await desk.drafts.propose(summary ?? `Deploy ${scope}`)
    if (!proposed) return { scope, proposal: null, merged: false, commit: null, reason: 'the draft changes nothing: main has all of it', diff: '' }
    return { scope, ...(await desk.drafts.merge()), diff: proposed.diff }
  },
})
