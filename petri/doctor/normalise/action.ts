import type { TransitionFile } from '../../inscription.js'
import type { Json, JsonObject } from '../../json.js'
import type { InputArc, OutputArc, Place } from '../../net.js'
import { size } from '../../size.js'

export const OUTPUT_BYTES = 256 * 1024
/** What an agent gets that asks for no role, and how many turns. */
export const ROLE_GIVEN = 'rw'
export const ITERATIONS = 30

/** The kind's own inscription with its defaults written out; null for pass. */
export function actionOf(file: TransitionFile, inputs: readonly InputArc[], outputs: readonly OutputArc[], places: ReadonlyMap<string, Place>): JsonObject | null {
  switch (file.kind) {
    case 'pass':
      return null
    case 'http':
      return {
        ...file.do,
        method: file.do.method ?? 'GET',
        headers: file.do.headers ?? {},
        query: file.do.query ?? {},
        expect: (file.do.expect ?? ['2xx']).map(String),
        maxBytes: bytes(file.do.maxBytes),
      }
    case 'command': {
      const { allow, ...rest } = file.do
      return {
        ...rest,
        ...(allow === undefined ? {} : { allow: isList(allow) ? Object.fromEntries(allow.map((program) => [program, null])) : allow }),
        env: file.do.env ?? {},
        expect: file.do.expect ?? [0],
        maxBytes: bytes(file.do.maxBytes),
      }
    }
    case 'llm':
      return { ...file.do, ...schemaOf(file.do.schema, outputs, places) } as JsonObject
    case 'agent':
      return {
        ...file.do,
        role: file.do.role ?? ROLE_GIVEN,
        maxIterations: typeof file.do.maxIterations === 'number' ? file.do.maxIterations : ITERATIONS,
        ...schemaOf(file.do.schema, outputs, places),
        inputs: inputs.filter((arc) => arc.mode !== 'inhibit').map((arc) => ({ variable: arc.variable, place: arc.address, category: places.get(arc.from)?.category ?? 'task' })),
        writes: writesOf(outputs, places),
      } as JsonObject
    default:
      return file.do as JsonObject
  }
}

/** The schema that an answer must fit: the one given, else that of the place that takes the result as it is. */
function schemaOf(given: Json | undefined, outputs: readonly OutputArc[], places: ReadonlyMap<string, Place>): { schema?: Json } {
  if (given !== undefined) return { schema: given }
  const taker = outputs.find((arc) => arc.on === 'success' && !arc.tools && arc.each === undefined && arc.emit === '${result}' && places.get(arc.to)?.schema !== undefined)
  return taker === undefined ? {} : { schema: places.get(taker.to)!.schema! }
}

/** Where an agent's token tools may put: arcs with `emit: tools`, and learning places that it has an arc to. */
function writesOf(outputs: readonly OutputArc[], places: ReadonlyMap<string, Place>): { place: string; category: string }[] {
  const found = new Map<string, string>()
  for (const arc of outputs) {
    const category = places.get(arc.to)?.category ?? 'task'
    if (arc.tools || category === 'learning') found.set(arc.address, category)
  }
  return [...found].map(([place, category]) => ({ place, category }))
}

function bytes(written: string | number | undefined): number {
  return (written === undefined ? undefined : size(written)) ?? OUTPUT_BYTES
}

function isList(allow: readonly string[] | object): allow is readonly string[] {
  return Array.isArray(allow)
}
