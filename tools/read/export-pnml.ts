import { z } from 'zod'
import type { NetFile } from '../../petri/language.js'
import { writePnml } from '../../petri/pnml/write.js'
import { readFile } from '../../petri/read.js'
import { netAddress } from '../address.js'
import { refAnswer, refParameter } from '../net-ref.js'
import { netParameter } from '../parameter.js'
import { Refusal, tool } from '../tool.js'

export const exportPnml = tool({
  name: 'EXPORT_PNML',
  tier: 'read',
  touch: 'reads',
  description: 'A net as PNML (ISO/IEC 15909-2), for other tools. It reads back as the same net.',
  parameters: z.strictObject({ net: netParameter, ref: refParameter }),
  answer: z.object({ ...refAnswer, pnml: z.string() }),
  async run({ net, ref }, desk) {
    const { session, net: name } = netAddress(desk, net)
    const at = await desk.drafts.at(ref, session, name)
    const head = { net: `${session}/${name}`, ref: at.ref, commit: at.commit }
    if (at.path.endsWith('.pnml')) return { ...head, pnml: at.text }
    const { value, findings } = readFile(at.path, at.text)
    if (value === undefined) throw new Refusal('unreadable', `${at.path} is not finished: ${findings[0]?.message ?? 'it cannot be read'}`, findings[0]?.remedy ?? 'VERIFY_NET tells what is wrong')
    return { ...head, pnml: writePnml(value as NetFile) }
  },
})
