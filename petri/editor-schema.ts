import { z } from 'zod'
import type { JsonObject } from './json.js'
import { FILES } from './language.js'

/** The JSON Schema by which an editor completes and checks a file of this kind, made from the schema that the program itself uses. */
export function editorSchema(kind: keyof typeof FILES): JsonObject {
  const schema = z.toJSONSchema(FILES[kind], { target: 'draft-2020-12', io: 'input', unrepresentable: 'any', reused: 'inline' })
  return { ...schema, title: `AgenticNetsOS ${kind}` } as unknown as JsonObject
}
