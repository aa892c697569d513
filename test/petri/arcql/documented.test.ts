import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compileCondition } from '../../../petri/arcql/evaluate.js'
import { parseCondition } from '../../../petri/arcql/parse.js'
import type { Json } from '../../../petri/json.js'
import type { Parsed } from '../../../petri/parsed.js'
import { fill, parseTemplate, type Roots } from '../../../petri/template.js'
import { TEMPLATE_FUNCTIONS } from '../../../petri/template/functions.js'

const PAGE = readFileSync(new URL('../../../docs/arcql.md', import.meta.url), 'utf8')

/** The rows of every table whose first columns are called so, without the backticks of their cells. */
function rows(...columns: string[]): string[][] {
  const tables = PAGE.split(/\n\n+/).filter((block) => block.startsWith(`| ${columns.join(' | ')} |\n`))
  return tables.flatMap((table) => table.trim().split('\n').slice(2).map((row) =>
    row.slice(2, -2).split(/(?<!\\) \| /).map((cell) => cell.replace(/^`(.*)`$/, '$1').replaceAll('\\|', '|'))))
}

/** `name = {json}` as the page gives it. */
function given(name: string): Json {
  const found = new RegExp(`\`${name} = ([^\`]+)\``).exec(PAGE)
  return JSON.parse(found![1]!) as Json
}

function taken<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw new Error(`${parsed.message}; ${parsed.remedy}`)
  return parsed.value
}

const KNOWN: Readonly<Record<string, Json>> = { params: given('params'), hit: given('hit'), line: given('line'), hits: given('hits') }
const roots: Roots = (name) => KNOWN[name]

describe('docs/arcql.md', () => {
  it.each(rows('condition', 'token', 'holds'))('%s asked of %s: %s', (condition, token, holds) => {
    const test = compileCondition(taken(parseCondition(condition!)))
    expect(test({ data: JSON.parse(token!) as Json, meta: () => ({ correlationId: 'order-7' }) }, roots)).toBe(holds === 'yes')
  })

  it.each([...rows('template', 'gives'), ...rows('function', 'template', 'gives').map((row) => row.slice(1))])('%s gives %s', (template, gives) => {
    expect(fill(taken(parseTemplate(template!)), roots)).toEqual(JSON.parse(gives!))
  })

  it.each(rows('template', 'error'))('%s says %s', (template, error) => {
    expect(() => fill(taken(parseTemplate(template!)), roots)).toThrow(`${template}: ${error}`)
  })

  it('shows every function that there is, and no other', () => {
    const shown = new Set(rows('function', 'template', 'gives').map(([usage]) => usage))
    expect([...shown].sort()).toEqual([...TEMPLATE_FUNCTIONS.values()].map((made) => made.usage).sort())
  })

  it('has rows to run', () => {
    expect(rows('condition', 'token', 'holds').length).toBeGreaterThan(20)
    expect(rows('function', 'template', 'gives').length).toBeGreaterThan(40)
  })
})
