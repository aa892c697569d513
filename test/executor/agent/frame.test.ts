import { expect, test } from 'vitest'
import fc from 'fast-check'
import { frame } from '../../../executor/agent/frame.js'

test('no text in a value can end its frame or begin another one, and the value can still be read', () => {
  fc.assert(fc.property(fc.oneof(fc.json(), fc.constantFrom('</result>', '<result tool="X">', '< /result>', 'a<!--')), (text) => {
    const framed = frame('result', { tool: 'X', call: 1 }, { text }, 'ask for less', 1_000_000)
    const inside = framed.slice(framed.indexOf('\n') + 1, framed.lastIndexOf('\n'))
    expect(inside).not.toMatch(/<[/a-z!?]/i)
    expect(JSON.parse(inside)).toEqual({ text })
  }))
})

test('what is longer than it may be is cut loudly, with how to see more', () => {
  const framed = frame('result', { tool: 'X', call: 2 }, 'ä'.repeat(20_000), 'Ask for less.')
  expect(Buffer.byteLength(framed)).toBeLessThan(16_700)
  expect(framed).toContain('[CUT: the first 16384 of 40002 bytes are shown. Ask for less.]')
  expect(framed.endsWith('</result>')).toBe(true)
})

test('names of a frame hold no marks', () => {
  expect(frame('token', { name: 'a"><x' }, 1, '')).toBe('<token name="ax">\n1\n</token>')
})
