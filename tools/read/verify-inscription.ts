import { z } from 'zod'
import type { Finding } from '../../petri/finding.js'
import { own, type JsonObject } from '../../petri/json.js'
import { createTransition, setInscription } from '../../petri/net-edit/transition-edit.js'
import { tableOf } from '../../petri/net-edit/entry.js'
import { elementAddress, netAddress } from '../address.js'
import { briefly, findingList } from '../finding-words.js'
import { netParameter, transitionParameter } from '../parameter.js'
import { Refusal, tool } from '../tool.js'

/** Name of a transition that is only tried. */
const TRIED = 'tried-inscription'

export const verifyInscription = tool({
  name: 'VERIFY_INSCRIPTION',
  tier: 'read',
  touch: 'reads',
  description: 'Findings on one transition as your draft has it; or, with inscription and net, on one that is not written yet. Nothing is changed.',
  parameters: z.strictObject({
    transition: transitionParameter.optional(),
    net: netParameter.optional().describe('With inscription: the net that it would stand in.'),
    inscription: z.record(z.string(), z.unknown()).optional().describe('A whole transition: kind, do, in, out and whatever else.'),
  }),
  answer: z.object({ scope: z.string(), valid: z.boolean(), ...findingList }),
  async run({ transition, net, inscription }, desk) {
    if (inscription === undefined) {
      if (transition === undefined) throw new Refusal('bad-parameters', 'either transition or inscription is to be given', 'name a transition, or give an inscription with its net')
      const { session, net: name, element } = elementAddress(desk, transition, 'transition')
      const all = await desk.drafts.findings(session, name)
      return verdict(`${session}/${name}/${element}`, all.filter((one) => one.element === `${name}/${element}` || isWhole(one)))
    }
    const where = net !== undefined ? netAddress(desk, net) : transition !== undefined ? elementAddress(desk, transition, 'transition') : undefined
    if (where === undefined) throw new Refusal('bad-parameters', 'an inscription is looked at in its net', 'give net')
    const element = transition?.split('/').at(-1) ?? TRIED
    const before = new Set((await desk.drafts.findings(where.session, where.net)).map(words))
    const after = await desk.drafts.tried(where.session, where.net, (value) => tried(value, element, inscription as JsonObject))
    return verdict(`${where.session}/${where.net}/${element}`, after.filter((one) => one.element === `${where.net}/${element}` || !before.has(words(one))))
  },
})

function tried(net: JsonObject, name: string, inscription: JsonObject): JsonObject {
  const kind = own(inscription, 'kind')
  const there = own(tableOf(net, 'transitions'), name) !== undefined
  return setInscription(there ? net : createTransition(net, name, typeof kind === 'string' ? kind : '', {}), name, { inscription })
}

/** What keeps a whole file from being read keeps its transitions from it too. */
function isWhole({ element, level }: Finding): boolean {
  return level === 'error' && !element.includes('/')
}

function words({ code, element, message }: Finding): string {
  return [code, element, message].join('\n')
}

function verdict(scope: string, findings: readonly Finding[]) {
  return { scope, valid: !findings.some(({ level }) => level === 'error'), ...briefly(findings) }
}
