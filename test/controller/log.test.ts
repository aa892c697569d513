import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { createLog } from '../../controller/log.js'

it('the log has one JSON object a line, and no secret at any level that we write', () => {
  const lines: string[] = []
  const log = createLog({ level: 'info', to: { write: (line) => { lines.push(line) } } })
  log.info({ token: 'hush', executor: 'a', headers: { authorization: 'Bearer hush', accept: '*/*' }, config: { db: { password: 'hush' } } }, 'executor registered')
  log.debug('not written')
  expect(lines).toHaveLength(1)
  expect(lines[0]).not.toContain('hush')
  expect(JSON.parse(lines[0]!)).toMatchObject({ level: 'info', msg: 'executor registered', executor: 'a', headers: { accept: '*/*' } })
})

it('goes into a file where one is named, and says what is wrong in a plain line, too', () => {
  const folder = mkdtempSync(join(tmpdir(), 'agenticos-log-'))
  const file = join(folder, 'controller.log')
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  try {
    const log = createLog({ level: 'info', file })
    log.info({ token: 'hush' }, 'all is well')
    log.error({ err: new Error('no room') }, 'a part fell')
    expect(readFileSync(file, 'utf8').trim().split('\n').map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['all is well', 'a part fell'])
    expect(readFileSync(file, 'utf8')).not.toContain('hush')
    expect(said.mock.calls).toEqual([[`! a part fell: no room (see ${file})\n`]])
  } finally {
    said.mockRestore()
    rmSync(folder, { recursive: true })
  }
})
