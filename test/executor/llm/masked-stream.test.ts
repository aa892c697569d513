import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maskedStream } from '../../../executor/llm/masked-stream.js'
import { Mask } from '../../../executor/mask.js'

const SECRET = 'sk-marked-0123456789'
const mask = new Mask([SECRET])

test('a key is masked wherever a stream is cut', () => {
  const part = fc.oneof(fc.string({ maxLength: 30 }), fc.constantFrom(SECRET, Buffer.from(SECRET).toString('base64'), encodeURIComponent(SECRET), SECRET.slice(0, 9)))
  fc.assert(fc.property(fc.array(part, { maxLength: 12 }), fc.array(fc.nat(300), { maxLength: 12 }), (parts, cuts) => {
    const text = parts.join('')
    const places = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length]
    let shown = ''
    const stream = maskedStream(mask, (piece) => { shown += piece })
    places.slice(1).forEach((to, at) => stream.text!(text.slice(places[at], to)))
    stream.end()
    expect(shown).not.toContain(SECRET)
    expect(shown).toBe(mask.text(text))
  }))
})

test('without a secret nothing is held back', () => {
  const shown: string[] = []
  maskedStream(new Mask([]), (piece) => shown.push(piece)).text!('at once')
  expect(shown).toEqual(['at once'])
})
