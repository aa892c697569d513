import { writeFileSync } from 'node:fs'
import { editorSchema } from '../petri/editor-schema.js'
import { FILES } from '../petri/language.js'

/** Writes schemas/<kind>.schema.json. Run it after a change of the language; test/petri/editor-schema.test.ts holds them equal. */
for (const kind of Object.keys(FILES) as (keyof typeof FILES)[]) {
  writeFileSync(new URL(`../schemas/${kind.toLowerCase()}.schema.json`, import.meta.url), `${JSON.stringify(editorSchema(kind), null, 2)}\n`)
}
