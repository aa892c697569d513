import { expect, test } from 'vitest'
import { Refused } from '../../../executor/controller-client.js'
import { GatheredPosts } from '../../../executor/gathered-posts.js'

function gathered(post: (batch: readonly number[]) => Promise<readonly string[]>, more: { most?: number, mostBytes?: number, giveUpMs?: number } = {}) {
  return new GatheredPosts<number, string>({ post, most: 500, mostBytes: 1_000_000, giveUpMs: 60_000, ...more })
}

test('what is asked in one turn goes in one post, and what gathers meanwhile in the next two', async () => {
  const batches: number[] = []
  let open = (): void => {}
  const gate = new Promise<void>((resolve) => { open = resolve })
  const posts = gathered(async (batch) => {
    batches.push(batch.length)
    await gate
    return batch.map((one) => `answer ${one}`)
  })
  const first = Array.from({ length: 64 }, (_, at) => posts.add(at, 10))
  await new Promise((resolve) => setImmediate(resolve))
  const second = Array.from({ length: 30 }, (_, at) => posts.add(100 + at, 10))
  await new Promise((resolve) => setImmediate(resolve))
  const third = Array.from({ length: 20 }, (_, at) => posts.add(200 + at, 10))
  await new Promise((resolve) => setImmediate(resolve))
  expect(batches).toEqual([64, 30])
  open()
  expect(await Promise.all([...first, ...second, ...third])).toHaveLength(114)
  expect(batches).toEqual([64, 30, 20])
  expect(await first[63]).toBe('answer 63')
  await posts.settled()
})

test('a post holds no more than it may, by number and by bytes', async () => {
  const batches: number[] = []
  const post = async (batch: readonly number[]): Promise<string[]> => {
    batches.push(batch.length)
    return batch.map(String)
  }
  await Promise.all(Array.from({ length: 7 }, (_, at) => gathered(post, { most: 3 }).add(at, 1)))
  const few = gathered(post, { most: 3 })
  await Promise.all(Array.from({ length: 7 }, (_, at) => few.add(at, 1)))
  const heavy = gathered(post, { mostBytes: 100 })
  await Promise.all([90, 90, 5, 300].map((bytes) => heavy.add(bytes, bytes)))
  expect(batches.slice(7)).toEqual([3, 3, 1, 1, 2, 1])
})

test('a post that fails is sent again, for those who still wait', async () => {
  let tries = 0
  const posts = gathered(async (batch) => {
    tries += 1
    if (tries < 3) throw new Error('no connection')
    return batch.map((one) => `${one} at try ${tries}`)
  })
  const [kept, left] = await Promise.allSettled([posts.add(1, 1), posts.add(2, 1, () => true)])
  expect(kept).toEqual({ status: 'fulfilled', value: '1 at try 3' })
  expect(left).toMatchObject({ status: 'rejected', reason: { message: 'no connection' } })
})

test('one that is refused holds up no other', async () => {
  const posts = gathered(async (batch) => {
    if (batch.includes(2)) throw new Refused(400, 'bad-request', 'that one is wrong', '')
    return batch.map(String)
  })
  const settled = await Promise.allSettled([1, 2, 3].map((one) => posts.add(one, 1)))
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
})
