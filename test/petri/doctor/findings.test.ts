import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkRepository } from '../../../petri/doctor/check.js'
import { exampleOf } from './examples.js'

const sections = readFileSync(new URL('findings.md', import.meta.url), 'utf8').split(/^## /m).slice(1).map((section) => ({
  title: section.slice(0, section.indexOf('\n')),
  net: /```yaml\n([\s\S]*?)```/.exec(section)![1]!,
  lines: [...section.matchAll(/^- (.*)$/gm)].map((line) => line[1]!),
}))

describe('the findings of', () => {
  it.each(sections)('$title', ({ net, lines }) => {
    const findings = checkRepository(exampleOf(net).drafts).findings.filter(({ code, level }) => level !== 'info' && code !== 'unreachable-place')
    expect(findings.map(({ level, code, element, line, column, message, remedy }) => `${level} ${code} ${element} ${line}:${column} ${message} ${remedy}`)).toEqual(lines)
  })
})
