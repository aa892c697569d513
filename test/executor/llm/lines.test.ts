import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Lines } from '../../../executor/llm/lines.js'

const linesOf = (chunks: readonly Buffer[]): string[] => {
  const found: string[] = []
  const lines = new Lines((line) => found.push(line))
  for (const chunk of chunks) lines.push(chunk)
  lines.end()
  return found
}

test('lines are the same however a network cuts them', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 20 }).map((one) => one.replace(/[\n\r\0]/g, '').toWellFormed())
  fc.assert(fc.property(fc.array(text, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'), fc.array(fc.nat(200), { maxLength: 6 }), (lines, end, cuts) => {
    const bytes = Buffer.from(lines.map((line) => line + end).join(''))
    const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length]
    const chunks = places.slice(1).map((to, at) => bytes.subarray(places[at], to))
    expect(linesOf(chunks)).toEqual(lines.filter((line) => line !== ''))
  }))
})

test('the last line needs no end, and what is no text is marked', () => {
  expect(linesOf([Buffer.from('a\nb')])).toEqual(['a', 'b'])
  expect(linesOf([Buffer.from([0x61, 0xff, 0, 0x0a])])).toEqual(['a\ufffd\ufffd'])
})

test('a line without an end is not gathered for ever', () => {
  const lines = new Lines(() => {})
  expect(() => {
    for (let at = 0; at < 100; at++) lines.push(Buffer.alloc(65_536, 'x'))
  }).toThrow('4194304')
})
