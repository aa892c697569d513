import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PROGRAM, sources } from '../support/sources.js'

const program = sources([...PROGRAM, 'scripts'])
const all = [...program, ...sources(['test', 'bench', 'nets'])]
const DRAWERS = /^(utils?|helpers?|types|common|misc|manager|service|shared|index)\.(ts|tsx|mjs)$/
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|gen|config|d))?\.(ts|tsx|mjs)$/

function share(part: number): number {
  const lines = program.map((source) => source.lines).sort((a, b) => a - b)
  return lines[Math.floor((lines.length - 1) * part)] ?? 0
}

describe('files', () => {
  it('are short: half of them within 80 lines, nine of ten within 200, none over 400', () => {
    expect({ median: share(0.5) <= 80 || share(0.5), p90: share(0.9) <= 200 || share(0.9) }).toEqual({ median: true, p90: true })
    expect(all.filter(({ lines }) => lines > 400).map(({ path, lines }) => `${path} has ${lines} lines`)).toEqual([])
  })

  it('have names in kebab-case, and none that says nothing', () => {
    const wrong = all.map(({ path }) => path).filter((path) => !KEBAB.test(basename(path)) || DRAWERS.test(basename(path)))
    expect(wrong).toEqual([])
  })

  it('have no default export, but for what a tool asks for one', () => {
    const asked = /^test\/support\/postgres\.ts$/
    expect(all.filter(({ path, text }) => !asked.test(path) && /^export default\b|\bexport \{[^}]*\bas default\b/m.test(text)).map(({ path }) => path)).toEqual([])
  })

  it('are no barrels: nothing is passed on from another file', () => {
    expect(program.filter(({ text }) => /^export \*/m.test(text)).map(({ path }) => path)).toEqual([])
  })

  it('name neighbours by their file, with .js at the end', () => {
    const bare = /(?:from|import)\s+['"](\.[^'"]*(?<!\.js|\.mjs|\.json))['"]/g
    expect(all.flatMap(({ path, text }) => [...text.matchAll(bare)].map(([, name]) => `${path} imports ${name}`))).toEqual([])
  })

  it('make no code from text', () => {
    const made = /\bnew Function\s*\(|(?<![\w.])eval\s*\(/
    expect(program.filter(({ text }) => made.test(text)).map(({ path }) => path)).toEqual([])
  })

  it('leave nothing open', () => {
    expect(program.filter(({ text }) => /\b(TODO|FIXME|XXX|HACK)\b/.test(text)).map(({ path }) => path)).toEqual([])
  })
})
