import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { Progress, seconds } from '../../controller/progress.js'

function shown(terminal: boolean, env: Record<string, string>, tell: (progress: Progress) => void): string {
  const out = Object.assign(new PassThrough(), { isTTY: terminal })
  tell(new Progress(out as unknown as NodeJS.WriteStream, env))
  return String(out.read() ?? '')
}

const step = (progress: Progress): void => {
  progress.begin('merging it')
  progress.done('net merged', 'commit 1a2b3c')
}

describe('the progress of a start', () => {
  it('is one plain line a step where nobody watches', () => {
    expect(shown(false, {}, step)).toMatch(/^ {2}✓ net merged {8,}\d+ ms {3}commit 1a2b3c\n$/)
  })

  it('shows on a terminal what is under way, and takes that line back', () => {
    expect(shown(true, { TERM: 'xterm' }, step)).toMatch(/^ {2}\u001b\[2m… merging it\u001b\[0m\r\u001b\[K {2}\u001b\[32m✓\u001b\[0m net merged/)
  })

  it.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])('has no colour with %j', (env) => {
    expect(shown(true, env, step)).not.toMatch(/\u001b\[\d+m/)
  })

  it('says short times in milliseconds and long ones in seconds', () => {
    expect([seconds(0.4), seconds(999), seconds(1234)]).toEqual(['0 ms', '999 ms', '1.2 s'])
  })
})
