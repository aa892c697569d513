import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { TOOLS } from '../../tools/catalog.js'
import { REFUSAL_CODES } from '../../tools/refusal-codes.js'
import { toolsPage } from '../../tools/tools-page.js'
import { read, sources } from '../support/sources.js'

describe('docs/tools.md', () => {
  it('is what the catalogue says; if not: node test/support/run-ts.mjs scripts/tools-page.ts', () => {
    expect(read('docs/tools.md')).toBe(toolsPage())
  })

  it('knows each code that a refusal is made with, and no other', () => {
    const made = sources(['tools', 'controller/api', 'petri/net-edit']).flatMap(({ text }) => [...text.matchAll(/new (?:Refusal|EditFault)\(\s*'([a-z-]+)'/g)].map(([, code]) => code!))
    expect([...new Set(made)].sort()).toEqual(Object.keys(REFUSAL_CODES).sort())
  })
})

describe('each tool', () => {
  it.each([...TOOLS.values()].map((tool) => [tool.name, tool] as const))('%s describes itself and its parameters, and refuses unknown ones', (_, tool) => {
    expect(tool.description).toMatch(/^[A-Z].{20,}\.$/s)
    const { properties = {}, additionalProperties } = z.toJSONSchema(tool.parameters, { io: 'input', unrepresentable: 'any' }) as { properties?: Record<string, { description?: string }>; additionalProperties?: unknown }
    expect(additionalProperties).toBe(false)
    const silent = Object.entries(properties).filter(([, { description }]) => description === undefined).map(([key]) => key)
    expect(silent).toEqual([])
  })

  it('lies in the folder of its tier, in a file of its name', () => {
    const files = sources(['tools']).flatMap(({ path, text }) => [...text.matchAll(/^  name: '([A-Z_]+)'/gm)].map(([, name]) => [name, path]))
    expect(files.map(([name, path]) => [name, path!.split('/').at(-1)!]).sort()).toEqual([...TOOLS.keys()].map((name) => [name, `${name.toLowerCase().replaceAll('_', '-')}.ts`]).sort())
    for (const [name, path] of files) expect([name, path!.split('/')[1]]).toEqual([name, TOOLS.get(name!)!.tier])
  })
})
