import { describe, expect, it } from 'vitest'
import { readConfig } from '../../controller/config.js'

describe('readConfig', () => {
  it('takes the flag before the variable before the default', () => {
    expect(readConfig([], {})).toEqual({
      dataDir: '.agenticos', databaseUrl: undefined, host: '127.0.0.1', port: 7420, publicUrl: undefined, logLevel: 'info',
      only: ['engine', 'reconcile', 'dispatch', 'api', 'executor'], demo: false, pollSeconds: 60,
    })
    expect(readConfig([], { AGENTICOS_PORT: '8000' }).port).toBe(8000)
    expect(readConfig(['--port', '9000'], { AGENTICOS_PORT: '8000' }).port).toBe(9000)
    expect(readConfig(['--port=9000', '--demo', '--only', 'engine, api'], {})).toMatchObject({ port: 9000, demo: true, only: ['engine', 'api'] })
  })

  it('takes an empty variable for one that is not set', () => {
    expect(readConfig([], { DATABASE_URL: '', AGENTICOS_PORT: '', AGENTICOS_PROT: '' })).toMatchObject({ databaseUrl: undefined, port: 7420 })
  })

  it('is frozen', () => {
    expect(Object.isFrozen(readConfig([], {}))).toBe(true)
  })

  it.each([
    [[], { AGENTICOS_PROT: '1' }, 'nothing reads the variable AGENTICOS_PROT', 'write AGENTICOS_PORT, or take it away'],
    [['--prot', '1'], {}, 'nothing reads the flag --prot', 'write --port, or take it away'],
    [['start'], {}, 'nothing reads the flag start', 'take it away; the known ones are --data-dir, --database-url'],
  ])('refuses a name that nothing reads, and says which was meant: %j %j', (args, env, message, remedy) => {
    expect(() => readConfig(args, env)).toThrow(expect.objectContaining({ code: 'unknown-setting', message, remedy: expect.stringContaining(remedy) }))
  })

  it.each([
    [{ AGENTICOS_PORT: '99999' }, 'AGENTICOS_PORT is "99999", which cannot be used: a whole number of 0 to 65535'],
    [{ AGENTICOS_PORT: '1e3' }, 'AGENTICOS_PORT is "1e3", which cannot be used: a whole number of 0 to 65535'],
    [{ AGENTICOS_POLL_SECONDS: '0' }, 'AGENTICOS_POLL_SECONDS is "0", which cannot be used: a whole number of 1 to 86400'],
    [{ AGENTICOS_LOG_LEVEL: 'loud' }, 'AGENTICOS_LOG_LEVEL is "loud", which cannot be used: '],
    [{ AGENTICOS_ONLY: 'engine,motor' }, 'AGENTICOS_ONLY is "engine,motor", which cannot be used: '],
    [{ AGENTICOS_DEMO: 'yes' }, 'AGENTICOS_DEMO is "yes", which cannot be used: '],
    [{ AGENTICOS_PUBLIC_URL: 'example.org' }, 'AGENTICOS_PUBLIC_URL is "example.org", which cannot be used: an address that begins with http:// or https://'],
  ])('refuses a value that cannot be used: %j', (env, message) => {
    expect(() => readConfig([], env)).toThrow(expect.objectContaining({ code: 'bad-setting', message: expect.stringContaining(message) }))
  })

  it('does not repeat a database address, which holds a password', () => {
    const read = () => readConfig([], { DATABASE_URL: 'mysql://root:secret@db/x' })
    expect(read).toThrow(expect.objectContaining({ code: 'bad-setting', message: 'DATABASE_URL cannot be used: an address that begins with postgres://' }))
  })

  it('leaves those of executors alone: the built-in one gets them, and refuses unknown ones itself', () => {
    expect(() => readConfig([], { AGENTICOS_EXECUTOR_ROOTS: '/var/log', AGENTICOS_EGRESS_ALLOW: 'http://127.0.0.1:7499', AGENTICOS_CREDENTIALS: 'X' })).not.toThrow()
  })

  it('leaves variables of others alone, and those of the command line', () => {
    expect(() => readConfig([], { PATH: '/bin', PGHOST: 'db', AGENTICOS_TOKEN: 'x', AGENTICOS_URL: 'http://here' })).not.toThrow()
  })
})
