import { expect, it } from 'vitest'
import { gather } from '../../../controller/api/gather.js'

it('does together what comes while some are under way, so many at a time, and gives each its own', async () => {
  const batches: (readonly number[])[] = []
  const held: (() => void)[] = []
  const double = gather<number, number>(3, async (items) => {
    batches.push(items)
    await new Promise<void>((resolve) => held.push(resolve))
    return items.map((item) => item * 2)
  })
  const first = [double(1), double(2)]
  while (held.length === 0) await Promise.resolve()
  const later = [double(3), double(4), double(5), double(6)]
  held.shift()!()
  expect(await Promise.all(first)).toEqual([2, 4])
  while (held.length === 0) await Promise.resolve()
  held.shift()!()
  while (held.length === 0) await Promise.resolve()
  held.shift()!()
  expect(await Promise.all(later)).toEqual([6, 8, 10, 12])
  expect(batches).toEqual([[1, 2], [3, 4, 5], [6]])
})

it('fails those of a batch that failed, and goes on with the next', async () => {
  const odd = gather<number, number>(10, async (items) => {
    if (items.includes(0)) throw new Error('no')
    return items
  })
  await expect(odd(0)).rejects.toThrow('no')
  expect(await odd(1)).toBe(1)
})
