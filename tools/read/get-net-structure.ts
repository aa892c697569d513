import { z } from 'zod'
import { isObject, own, type Json, type JsonObject } from '../../petri/json.js'
import { readNetText, writeNetText } from '../../petri/net-edit/net-text.js'
import { netAddress } from '../address.js'
import { refAnswer, refParameter } from '../net-ref.js'
import { netParameter } from '../parameter.js'
import { tool } from '../tool.js'

export const getNetStructure = tool({
  name: 'GET_NET_STRUCTURE',
  tier: 'read',
  touch: 'reads',
  description: 'The whole of a net: its file as YAML, and its places and transitions at a glance. Read it before you change a net.',
  parameters: z.strictObject({ net: netParameter, ref: refParameter }),
  answer: z.object({
    ...refAnswer,
    file: z.string().describe('Path in the net repository.'),
    places: z.array(z.string()).describe('name: category.'),
    transitions: z.array(z.string()).describe('name: kind, in <- places, out -> places.'),
    yaml: z.string(),
    errors: z.int().describe('Findings of level error: VERIFY_NET tells them.'),
  }),
  async run({ net, ref }, desk) {
    const { session, net: name } = netAddress(desk, net)
    const { ref: shown, commit, path, text, findings } = await desk.drafts.at(ref, session, name)
    const value = readable(path, text)
    return {
      net: `${session}/${name}`, ref: shown, commit, file: path,
      places: entries(value, 'places').map(([place, said]) => `${place}: ${wordOf(said, 'category') ?? `shares ${wordOf(said, 'shares') ?? '?'}`}`),
      transitions: entries(value, 'transitions').map(([transition, said]) => `${transition}: ${glance(said)}`),
      yaml: path.endsWith('.pnml') && value ? writeNetText(`${name}.yaml`, value) : text,
      errors: findings.filter(({ level }) => level === 'error').length,
    }
  },
})

/** A file that cannot be read is shown as it is: its findings say why. */
function readable(path: string, text: string): JsonObject | undefined {
  try {
    return readNetText(path, text)
  } catch {
    return undefined
  }
}

function entries(value: Json | undefined, key: string): [string, Json][] {
  const table = isObject(value) ? own(value, key) : undefined
  return isObject(table) ? Object.entries(table) : []
}

function wordOf(value: Json | undefined, key: string): string | undefined {
  const word = isObject(value) ? own(value, key) : undefined
  return typeof word === 'string' ? word : undefined
}

function glance(transition: Json): string {
  const inputs = entries(transition, 'in').map(([variable, arc]) => {
    const mode = wordOf(arc, 'mode')
    return `${variable}=${typeof arc === 'string' ? arc : wordOf(arc, 'from') ?? '?'}${mode === undefined ? '' : ` (${mode})`}`
  })
  const outputs = entries(transition, 'out').map(([place]) => place)
  return [wordOf(transition, 'kind') ?? '?', ...(inputs.length === 0 ? [] : [`in <- ${inputs.join(', ')}`]), ...(outputs.length === 0 ? [] : [`out -> ${outputs.join(', ')}`])].join(', ')
}
