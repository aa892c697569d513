import { z } from 'zod'
import { draftAnswer, editFile } from '../draft-edit.js'
import { netParameter } from '../parameter.js'
import { tool } from '../tool.js'

export const deleteNet = tool({
  name: 'DELETE_NET',
  tier: 'write',
  touch: 'draft',
  description: 'Deletes a net in your draft. Where the proposal is merged its tokens are kept as orphans.',
  parameters: z.strictObject({ net: netParameter }),
  answer: draftAnswer,
  run: ({ net }, desk) => editFile(desk, 'DELETE_NET', net, '', () => undefined),
})
