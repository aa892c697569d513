import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkRepository } from '../../petri/doctor/check.js'
import { editorSchema } from '../../petri/editor-schema.js'
import { languageReference } from '../../petri/language-reference.js'
import { TEMPLATE_FUNCTIONS } from '../../petri/template/functions.js'
import { readYaml } from '../../petri/yaml/read.js'

const text = languageReference()

/** Every key of a schema, but for what lies under `foreign`, which is other tools' business. */
function keysOf(schema: unknown, found: Set<string> = new Set()): Set<string> {
  if (typeof schema !== 'object' || schema === null) return found
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'properties')
      for (const [name, property] of Object.entries(value as object)) {
        found.add(name)
        if (name !== 'foreign') keysOf(property, found)
      }
    else keysOf(value, found)
  }
  return found
}

describe('the reference of the language', () => {
  it.each(['Net', 'Session'] as const)('names every key of a %s', (kind) => {
    const silent = [...keysOf(editorSchema(kind))].filter((key) => !new RegExp(`^ *- ${key}[ :]|\\b${key}: `, 'm').test(text))
    expect(silent).toEqual([])
  })

  it('names every function, as it is called', () => {
    expect([...TEMPLATE_FUNCTIONS.values()].map(({ usage }) => usage).filter((usage) => !text.includes(usage))).toEqual([])
  })

  it('says what keys say of themselves, and knows their values', () => {
    for (const line of ['- category (task|context|tool|learning): ', '  - usd (required): US dollars', '- parse (json|lines|xml): ', '- concurrency (1..1000): ', '- role: Which tools it gets']) expect(text).toContain(line)
    expect(text).not.toMatch(/^ *- .*: $|undefined|\[object/m)
  })

  it('shows a net that is in order', () => {
    const net = /^apiVersion[\s\S]*?(?=\n\nNames: )/m.exec(text)![0]
    const draft = readYaml('nets/demo/watch.yaml', `${net}\n`)
    expect(draft.findings).toEqual([])
    expect(checkRepository([draft]).findings).toEqual([])
  })

  it('is what docs/language.md shows; if not: node test/support/run-ts.mjs scripts/schemas.ts', () => {
    expect(/```text\n([\s\S]*)\n```\n$/.exec(readFileSync(new URL('../../docs/language.md', import.meta.url), 'utf8'))?.[1]).toBe(text)
  })

  it('is short enough to go into every prompt', () => {
    expect(text.length).toBeLessThan(12_000)
  })
})
