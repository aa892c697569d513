import { z } from 'zod'
import { repair, type Repair } from '../../petri/net-edit/repair.js'
import { netAddress } from '../address.js'
import { editNet } from '../draft-edit.js'
import { briefly, findingList } from '../finding-words.js'
import { netParameter } from '../parameter.js'
import { tool } from '../tool.js'

export const netDoctor = tool({
  name: 'NET_DOCTOR',
  tier: 'write',
  touch: 'draft',
  description: 'Says what is wrong with a net as your draft has it, and what to do about it. With fix it does in the draft what cannot change what the net does, and says what it did.',
  parameters: z.strictObject({
    net: netParameter,
    fix: z.boolean().default(false).describe('true: the safe remedies are applied to the draft.'),
  }),
  answer: z.object({
    net: z.string().describe('session/net.'),
    fixed: z.array(z.object({ code: z.string(), did: z.string() })).describe('What was done.'),
    ...findingList,
  }),
  async run({ net, fix }, desk) {
    const { session, net: name } = netAddress(desk, net)
    let fixed: Repair[] = []
    if (fix) {
      await editNet(desk, 'NET_DOCTOR', net, '', (value, path) => {
        const mended = repair(path, value)
        fixed = mended.repairs
        return mended.net
      })
    }
    return { net: `${session}/${name}`, fixed, ...briefly(await desk.drafts.findings(session, name)) }
  },
})
