import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Mask } from '../../executor/mask.js'

const SECRET = 'aB3+/"=&\'<ü> \\%x\ny9Zq'
const html = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
const LEVELS: readonly ((text: string) => string)[] = [
  (text) => JSON.stringify(text), encodeURIComponent, encodeURI, html, (text) => String(new URLSearchParams({ s: text })), (text) => `<${text}>`,
]

test('a value is masked however often it was written into something else', () => {
  const mask = new Mask([SECRET])
  fc.assert(fc.property(fc.array(fc.constantFrom(...LEVELS), { maxLength: 3 }), (levels) => {
    const masked = mask.text(levels.reduce((text, level) => level(text), SECRET))
    expect(masked).not.toMatch(/aB3|y9Zq/)
  }), { numRuns: 500 })
})

test('base64 is masked wherever the value stands in it, and however its lines are broken', () => {
  const long = `aB3${SECRET}`.repeat(5)
  const mask = new Mask([long])
  fc.assert(fc.property(fc.string({ maxLength: 5 }), fc.string({ maxLength: 5 }), fc.constantFrom(0, 60, 64, 76), fc.constantFrom('\n', '\r\n'), fc.constantFrom<BufferEncoding>('base64', 'base64url'), (before, after, width, end, form) => {
    const whole = Buffer.from(`${before}${long}${after}`).toString(form)
    const written = width === 0 ? whole : whole.replace(new RegExp(`.{${width}}`, 'g'), (line) => line + end)
    const core = Buffer.from(long).toString(form).slice(8, 40)
    for (const text of [written, JSON.stringify(written)]) {
      const masked = mask.text(text).replaceAll('\\r', '').replaceAll('\\n', '').replace(/\s/g, '')
      expect(masked).toContain('***')
      expect(masked).not.toContain(core)
      expect(masked.length).toBeLessThan(40)
    }
  }))
})

test('of a text that is cut off, no beginning of a value stays', () => {
  const mask = new Mask([SECRET])
  const text = `${'x'.repeat(500)}${SECRET}`
  for (let cut = 500; cut < text.length; cut++) expect(mask.head(text.slice(0, cut))).not.toContain('aB3')
})

test('what holds no value stays as it is', () => {
  const mask = new Mask([SECRET, 'another-one'])
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
    expect(mask.text(text)).toBe(text)
  }))
  expect(mask.json({ a: [1, 'two', null], b: { c: true } })).toEqual({ a: [1, 'two', null], b: { c: true } })
})

test('a megabyte that nearly matches all the time is read once', () => {
  const mask = new Mask(['\\"%<x', '"\\\\\\+', 'aaaaaaab'])
  for (const text of ['\\', '%25', 'a', '&amp;', '\\"%', '"\\', '\n']) {
    const much = text.repeat(1_000_000 / text.length)
    expect(mask.text(much).length).toBe(much.length)
  }
}, 20_000)
