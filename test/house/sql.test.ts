import { describe, expect, it } from 'vitest'
import { PROGRAM, sources } from '../support/sources.js'

const STATEMENT = /[`'"]\s*(?:select\s+[\w*(]|insert\s+into\s|update\s+[\w.]+\s+(?:\w+\s+)?set\s|delete\s+from\s|with\s+(?:recursive\s+)?\w+\s+as\s|create\s+(?:table|index|schema|database|function)\s|alter\s+table\s|drop\s+(?:table|index|schema)\s|truncate\s|notify\s)/i
const LOUD = /\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|WHERE|ORDER BY|GROUP BY|CREATE TABLE|RETURNING)\b/

describe('SQL', () => {
  it('is written under controller/store alone', () => {
    const elsewhere = sources(PROGRAM).filter(({ path }) => !path.startsWith('controller/store/'))
    const found = elsewhere.flatMap(({ path, text }) => text.split('\n').flatMap((line, at) => (STATEMENT.test(line) ? [`${path}:${at + 1} ${line.trim()}`] : [])))
    expect(found).toEqual([])
  })

  it('is written in lower case', () => {
    const own = sources(['controller/store'], /(?<!schema)\.(ts|sql)$/)
    const found = own.flatMap(({ path, text }) => text.split('\n').flatMap((line, at) => (LOUD.test(line) && !/^\s*(\/\/|\/?\*|--)/.test(line) ? [`${path}:${at + 1} ${line.trim()}`] : [])))
    expect(found).toEqual([])
  })

  it('is seen by the test', () => {
    expect(sources(['controller/store']).some(({ text }) => text.split('\n').some((line) => STATEMENT.test(line)))).toBe(true)
  })
})
