import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkRepository } from '../../../petri/doctor/check.js'
import { MODELS_RULES, POLICY_RULES, RULES, SESSION_RULES } from '../../../petri/doctor/doctor.js'
import type { Finding } from '../../../petri/finding.js'
import { examplesOf, rowsOf, type Example } from './examples.js'

const text = readFileSync(new URL('../../../docs/doctor.md', import.meta.url), 'utf8')
const rules = [...RULES, ...SESSION_RULES, ...MODELS_RULES, ...POLICY_RULES]
const rows = rowsOf(text)
const examples = examplesOf(text)

function checked(example: Example): Finding[] {
  return [...example.findings, ...checkRepository(example.drafts, example.around).findings]
}

describe('docs/doctor.md and the rules', () => {
  it('has a row for each rule, with its own level and sentence, in its order, and for nothing else', () => {
    expect(rows).toEqual(rules.map(({ code, level, explanation }) => ({ code, level, explanation })))
  })

  it('has two examples for each rule, in the same order, and for nothing else', () => {
    expect(examples.map(({ code }) => code)).toEqual(rules.map(({ code }) => code))
  })

  it('keeps each rule in the file that is named as its code', () => {
    const files = new Set(readdirSync(new URL('../../../petri/doctor/', import.meta.url)))
    expect(rules.map(({ code }) => `${code}.ts`).filter((file) => !files.has(file))).toEqual([])
  })

  it.each(examples)('$code finds its bad example, and nothing else is wrong with that', ({ code, bad }) => {
    const findings = checked(bad)
    const told = (finding: Finding): string => `${finding.code}: ${finding.message}`
    expect([...new Set(findings.map(told))].filter((line) => !line.startsWith(`${code}: `))).toEqual([])
    expect(findings.map((finding) => finding.code)).toContain(code)
  })

  it.each(examples)('$code points into the file, names an element and says what to do', ({ code, bad }) => {
    for (const finding of checked(bad).filter((one) => one.code === code)) {
      expect(finding.line).toBeGreaterThan(0)
      expect(finding.column).toBeGreaterThan(0)
      expect(finding.element).not.toBe('')
      expect(finding.message).toMatch(/[.?]$/)
      expect(finding.remedy).toMatch(/[.?]$/)
    }
  })

  it.each(examples)('$code leaves its good example alone, and so does every other rule', ({ good }) => {
    expect(checked(good).filter((finding) => finding.level !== 'info')).toEqual([])
  })
})
