import { describe, expect, it } from 'vitest'
import { createLog } from '../../controller/log.js'
import { loop, Wake } from '../../controller/loop.js'

const HOUR = 3_600_000

function logged() {
  const lines: Record<string, unknown>[] = []
  return { lines, log: createLog({ to: { write: (line) => { lines.push(JSON.parse(line) as Record<string, unknown>) } } }) }
}

describe('loop', () => {
  it('runs at once, then whenever it is woken, and ends with its signal', async () => {
    const wake = new Wake()
    const stop = new AbortController()
    let turns = 0
    const done = loop('test', { everyMs: HOUR, wake }, async () => {
      turns++
      if (turns === 3) stop.abort()
      else queueMicrotask(() => wake.ring())
    }, stop.signal, logged().log)
    await done
    expect(turns).toBe(3)
  })

  it('does not lose a ring that comes while it works, and answers many with one turn', async () => {
    const wake = new Wake()
    const stop = new AbortController()
    let turns = 0
    await loop('test', { everyMs: HOUR, wake }, async () => {
      turns++
      if (turns === 1) for (let n = 0; n < 10; n++) wake.ring()
      if (turns === 2) stop.abort()
    }, stop.signal, logged().log)
    expect(turns).toBe(2)
  })

  it('takes the time of its next turn from the turn before', async () => {
    const stop = new AbortController()
    let turns = 0
    await loop('test', HOUR, async () => {
      turns++
      if (turns === 5) stop.abort()
      return 0
    }, stop.signal, logged().log)
    expect(turns).toBe(5)
  })

  it('logs a turn that fails by its name, and goes on', async () => {
    const stop = new AbortController()
    const { lines, log } = logged()
    let turns = 0
    await loop('sweep', HOUR, async () => {
      turns++
      if (turns === 1) throw new Error('no luck')
      stop.abort()
    }, stop.signal, log)
    expect(turns).toBe(2)
    expect(lines).toMatchObject([{ level: 'warn', loop: 'sweep', msg: 'loop failed and is tried again', err: { message: 'no luck' } }])
  })

  it('does not begin when its signal came before', async () => {
    let turns = 0
    await loop('test', 1, async () => { turns++ }, AbortSignal.abort(), logged().log)
    expect(turns).toBe(0)
  })
})
