import { writeFileSync } from 'node:fs'
import { editorSchema } from '../petri/editor-schema.js'
import { FILES } from '../petri/language.js'
import { languageReference } from '../petri/language-reference.js'

/** Writes schemas/<kind>.schema.json and docs/language.md. Run it after a change of the language; tests under test/petri hold them equal. */
for (const kind of Object.keys(FILES) as (keyof typeof FILES)[]) {
  writeFileSync(new URL(`../schemas/${kind.toLowerCase()}.schema.json`, import.meta.url), `${JSON.stringify(editorSchema(kind), null, 2)}\n`)
}

const page = `# What agents are told of the language

Made by scripts/schemas.ts from the schemas and function tables that check nets; every agent that may edit nets finds this text in its prompt. People read [net files](net-files.md) and [ArcQL](arcql.md).

\`\`\`text
${languageReference()}
\`\`\`
`
writeFileSync(new URL('../docs/language.md', import.meta.url), page)
