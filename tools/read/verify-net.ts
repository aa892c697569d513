import { z } from 'zod'
import { incidenceOf } from '../../petri/analysis/incidence.js'
import { placeInvariants, transitionInvariants } from '../../petri/analysis/invariants.js'
import type { Net } from '../../petri/net.js'
import { netAddress } from '../address.js'
import { briefly, findingList } from '../finding-words.js'
import { refAnswer, refParameter } from '../net-ref.js'
import { netParameter } from '../parameter.js'
import { tool } from '../tool.js'

const MOST = 20

const behaviourAnswer = z.object({
  exact: z.boolean().describe('false: some arcs depend on data, so a run may do less than counted here.'),
  constant: z.array(z.string()).describe('Weighted sums of tokens that no firing changes (place invariants).'),
  cycles: z.array(z.string()).describe('Firings that together change nothing (transition invariants).'),
  complete: z.boolean().describe('false: there are more than are listed; those listed hold.'),
  limits: z.string(),
})

export const verifyNet = tool({
  name: 'VERIFY_NET',
  tier: 'read',
  touch: 'reads',
  description: 'The doctor’s findings on a net, each with its remedy. With behaviour also what stays constant and what runs in a circle, from the net’s structure alone.',
  parameters: z.strictObject({
    net: netParameter, ref: refParameter,
    behaviour: z.boolean().default(false).describe('true: invariants too.'),
  }),
  answer: z.object({ ...refAnswer, valid: z.boolean().describe('No finding is an error.'), ...findingList, behaviour: behaviourAnswer.optional() }),
  async run({ net, ref, behaviour }, desk) {
    const { session, net: name } = netAddress(desk, net)
    const at = await desk.drafts.at(ref, session, name)
    return {
      net: `${session}/${name}`, ref: at.ref, commit: at.commit, valid: at.net !== undefined, ...briefly(at.findings),
      ...(behaviour && at.net ? { behaviour: behaviourOf(at.net) } : {}),
    }
  },
})

function behaviourOf(net: Net): z.output<typeof behaviourAnswer> {
  const incidence = incidenceOf([net])
  const places = placeInvariants(incidence, MOST)
  const runs = transitionInvariants(incidence, MOST)
  const sum = <K>(flow: ReadonlyMap<K, number>, word: (key: K) => string): string => [...flow].map(([key, weight]) => `${weight === 1 ? '' : `${weight} `}${word(key)}`).join(' + ')
  return {
    exact: incidence.exact,
    constant: places.semiflows.slice(0, MOST).map((flow) => sum(flow, (place) => place)),
    cycles: runs.semiflows.slice(0, MOST).map((flow) => sum(flow, (effect) => incidence.effects[effect]?.transition ?? '')),
    complete: places.complete && runs.complete && places.semiflows.length <= MOST && runs.semiflows.length <= MOST,
    limits: 'From arcs and weights of this net alone: conditions, other nets that share its places, failures and time are not looked at.',
  }
}
