import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { checkRepository } from '../../petri/doctor/check.js'
import { DEFAULT_LIMITS } from '../../petri/net.js'
import { editorSchema } from '../../petri/editor-schema.js'
import { readYaml } from '../../petri/yaml/read.js'

const text = readFileSync(new URL('../../docs/net-files.md', import.meta.url), 'utf8')

function keysOf(schema: unknown, found: Set<string> = new Set()): Set<string> {
  if (typeof schema !== 'object' || schema === null) return found
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'properties') for (const name of Object.keys(value as object)) found.add(name)
    keysOf(value, found)
  }
  return found
}

describe('docs/net-files.md', () => {
  test.each(['Net', 'Session'] as const)('mentions every key of a %s', (kind) => {
    const silent = [...keysOf(editorSchema(kind))].filter((key) => !text.includes(`\`${key}\``))
    expect(silent).toEqual([])
  })

  test('mentions no key in its tables that is gone', () => {
    const known = new Set([...keysOf(editorSchema('Net')), ...keysOf(editorSchema('Session'))])
    const rows = [...text.matchAll(/^\| ((?:`[A-Za-z]+`(?:, )?)+) \|/gm)].flatMap(([, cells]) => [...cells!.matchAll(/`([A-Za-z]+)`/g)].map(([, key]) => key!))
    expect(rows.filter((key) => !known.has(key))).toEqual([])
  })

  test('states the defaults of the limits as they are', () => {
    for (const [limit, value] of Object.entries(DEFAULT_LIMITS)) {
      if (typeof value === 'number') expect(text).toMatch(new RegExp(`\\| \`${limit}\` \\|.*\\| ${value.toLocaleString('en-US')} \\|`))
    }
  })

  const examples = [...text.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, example]) => example!)
  const head = 'apiVersion: agenticos.dev/v1\nkind: Net\nmetadata: {name: example}\n'

  test('has examples', () => {
    expect(examples.length).toBeGreaterThan(6)
  })

  test.each(examples.map((example) => ({ first: example.split('\n')[1], example })))('the example with $first is read and has no error', ({ example }) => {
    const whole = example.includes('apiVersion') ? example : head + example
    const draft = readYaml(`nets/demo/${whole.includes('kind: Session') ? 'session' : 'example'}.yaml`, whole)
    expect(draft.findings).toEqual([])
    expect(checkRepository([draft]).findings.filter((finding) => finding.level === 'error')).toEqual([])
  })
})
