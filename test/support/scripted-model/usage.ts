import type { Usage } from '../../../petri/models.js'
import type { Said, ScriptedRequest } from './reply.js'

const BYTES: Readonly<Record<Counting, number>> = { quarters: 4, bytes: 1 }

/** A token in four bytes, as English has it; or the worst of tokenisers, a token a byte. */
export type Counting = 'quarters' | 'bytes'

/** What a call takes by the server's own count. */
export function counted(request: ScriptedRequest, said: Said, counting: Counting): Usage {
  const tokens = (text: string): number => Math.ceil(Buffer.byteLength(text) / BYTES[counting])
  const calls = (list: readonly { readonly name: string, readonly input: unknown }[]): number =>
    list.reduce((sum, { name, input }) => sum + 4 + tokens(name) + tokens(typeof input === 'string' ? input : JSON.stringify(input)), 0)
  const messages = request.messages.reduce((sum, one) => sum + 4 + tokens(one.text) + (one.role === 'assistant' ? calls(one.calls) : 0), 3)
  const tools = request.tools.reduce((sum, tool) => sum + 8 + tokens(JSON.stringify(tool)), 0)
  const schema = request.schema === undefined ? 0 : tokens(JSON.stringify(request.schema))
  return { input: messages + tools + schema, cached: 0, output: 1 + tokens(said.text ?? '') + calls(said.calls ?? []), ...said.usage }
}
