import { expect, test } from 'vitest'
import { bars } from '../../cli/bars.js'

const rows = [{ name: 'a', value: 800, text: '$0.0008' }, { name: 'longer', value: 100, text: '$0.0001' }, { name: 'c', value: 0, text: '$0.00' }]
const drawn = (room: number, unicode: boolean) => bars(rows, room, unicode).map(({ name, bar, text }) => `${name}|${bar}|${text}`)

test('the greatest value fills the room, what is not nothing is seen', () => {
  expect(drawn(26, true)).toEqual(['a     |████████|$0.0008', 'longer|█       |$0.0001', 'c     |        |  $0.00'])
  expect(bars([{ name: 'x', value: 1_000_000, text: '' }, { name: 'y', value: 1, text: '' }], 26, true)[1]!.bar.trim()).toBe('▏')
})

test('a terminal that knows no unicode gets plain marks', () => {
  expect(drawn(26, false)).toEqual(['a     |########|$0.0008', 'longer|#       |$0.0001', 'c     |        |  $0.00'])
})

test('names from outside are made harmless', () => {
  expect(bars([{ name: 'a\u001b[2J', value: 1, text: '$1' }], 40, true)[0]!.name).toBe('a\\u001b[2J')
})
