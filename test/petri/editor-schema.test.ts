import { Validator } from '@cfworker/json-schema'
import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { editorSchema } from '../../petri/editor-schema.js'
import { FILES } from '../../petri/language.js'
import { readYaml } from '../../petri/yaml/read.js'
import { writeYaml } from '../../petri/yaml/write.js'
import { arbitraryNet } from '../support/arbitrary-net.js'

const kinds = Object.keys(FILES) as (keyof typeof FILES)[]

test.each(kinds)('schemas/%s.schema.json is what the language says; if not: node test/support/run-ts.mjs scripts/schemas.ts', (kind) => {
  const written = readFileSync(new URL(`../../schemas/${kind.toLowerCase()}.schema.json`, import.meta.url), 'utf8')
  expect(JSON.stringify(JSON.parse(written)) === JSON.stringify(editorSchema(kind))).toBe(true)
})

const validator = new Validator(editorSchema('Net') as object, '2020-12')

test('the editors’ schema takes every net that the program takes', () => {
  fc.assert(fc.property(arbitraryNet, (net) => { expect(validator.validate(net).errors).toEqual([]) }), { numRuns: 40 })
})

test('the editors’ schema refuses what the program refuses: unknown keys, wrong kinds, wrong types', () => {
  const net = (rest: object): object => ({ apiVersion: 'agenticos.dev/v1', kind: 'Net', metadata: { name: 'n' }, ...rest })
  const wrong = [net({ plases: {} }), net({ places: { p: { capcity: 1 } } }), net({ places: { P: { category: 'task' } } }), net({ transitions: { t: { kind: 'pas' } } }), net({ transitions: { t: { kind: 'map' } } }), net({ transitions: { t: { kind: 'pass', timeout: 'soon' } } })]
  for (const value of wrong) {
    expect(validator.validate(value).valid).toBe(false)
    expect(readYaml('nets/demo/n.yaml', writeYaml(value as never)).findings).not.toEqual([])
  }
})

test('every key of every schema has a sentence for the editor to show', () => {
  const silent: string[] = []
  const walk = (schema: unknown, path: string): void => {
    if (typeof schema !== 'object' || schema === null) return
    for (const [key, value] of Object.entries(schema)) {
      if (key === 'properties') {
        for (const [name, property] of Object.entries(value as Record<string, { description?: string; $ref?: string }>)) {
          const target = property.$ref ? (defs[property.$ref.split('/').at(-1)!] ?? {}) : {}
          if (property.description === undefined && target.description === undefined) silent.push(`${path}.${name}`)
        }
      }
      walk(value, path)
    }
  }
  let defs: Record<string, { description?: string }> = {}
  for (const kind of ['Net', 'Session'] as const) {
    const schema = editorSchema(kind)
    defs = schema['$defs'] as typeof defs
    walk(schema, kind)
  }
  expect(silent).toEqual([])
})
