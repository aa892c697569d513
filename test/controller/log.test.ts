import { expect, it } from 'vitest'
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
