import { expect, test } from 'vitest'
import { argv, dispatchBed } from '../support/dispatch-bed.js'

const bed = await dispatchBed()

test('an effect that is put while an executor waits comes back as an outcome in the inbox', async () => {
  await bed.executor()
  await bed.add({ firing: 1, request: argv('echo', 'hello') })
  const [row] = await bed.settled(1)
  expect(row).toMatchObject({ firing: 1, attempt: 1, executor: 'x1', outcome: { status: 'done', result: { exitCode: 0, stdout: 'hello\n', truncated: false } } })
})
