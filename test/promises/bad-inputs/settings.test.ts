// Promise G, settings: flags, variables and surroundings with which a program does not start, and what it says then.
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packageRoot } from '../../../controller/package-root.js'
import { readConfig } from '../../../controller/config.js'
import { readConfig as readExecutorConfig } from '../../../executor/config.js'
import { testDatabase } from '../../support/database.js'
import { run, startRiver, type River } from '../../support/river.js'

type Variables = Readonly<Record<string, string>>

/** What it is, flags, variables, then what a controller says of them. */
const CONTROLLER: readonly (readonly [string, readonly string[], Variables, string])[] = [
  ['a flag that is nearly one', ['--prot', '1'], {}, 'unknown-setting: nothing reads the flag --prot => write --port, or take it away'],
  ['a flag that is none', ['--verbose'], {}, 'unknown-setting: nothing reads the flag --verbose => take it away; the known ones are --data-dir, --database-url, --host, --port, --public-url, --log-level, --only, --demo, --poll-seconds'],
  ['a word that is no flag', ['start'], {}, 'unknown-setting: nothing reads the flag start => take it away; the known ones are --data-dir, --database-url, --host, --port, --public-url, --log-level, --only, --demo, --poll-seconds'],
  ['a flag without a value', ['--port'], {}, 'bad-setting: --port has no value => write --port VALUE'],
  ['a variable that is nearly one', [], { AGENTICOS_PROT: '7420' }, 'unknown-setting: nothing reads the variable AGENTICOS_PROT => write AGENTICOS_PORT, or take it away'],
  ['a variable that is none', [], { AGENTICOS_COLOUR: 'red' }, 'unknown-setting: nothing reads the variable AGENTICOS_COLOUR => take it away; the known ones are AGENTICOS_DATA_DIR, DATABASE_URL, AGENTICOS_HOST, AGENTICOS_PORT, AGENTICOS_PUBLIC_URL, AGENTICOS_LOG_LEVEL, AGENTICOS_ONLY, AGENTICOS_DEMO, AGENTICOS_POLL_SECONDS'],
  ['a port above all ports', ['--port', '65536'], {}, 'bad-setting: --port is "65536", which cannot be used: a whole number of 0 to 65535 => correct --port, or take it away to get the default'],
  ['a port below all ports', ['--port=-1'], {}, 'bad-setting: --port is "-1", which cannot be used: a whole number of 0 to 65535 => correct --port, or take it away to get the default'],
  ['a port in hexadecimal', [], { AGENTICOS_PORT: '0x1CFC' }, 'bad-setting: AGENTICOS_PORT is "0x1CFC", which cannot be used: a whole number of 0 to 65535 => correct AGENTICOS_PORT, or take it away to get the default'],
  ['a log level that is none', [], { AGENTICOS_LOG_LEVEL: 'loud' }, 'bad-setting: AGENTICOS_LOG_LEVEL is "loud", which cannot be used: it must be one of trace, debug, info, warn, error, silent => correct AGENTICOS_LOG_LEVEL, or take it away to get the default'],
  ['a component that is none', ['--only', 'engine,motor'], {}, 'bad-setting: --only is "engine,motor", which cannot be used: it must be one of engine, reconcile, dispatch, api, executor => correct --only, or take it away to get the default'],
  ['no component', ['--only', ','], {}, 'bad-setting: --only is ",", which cannot be used: it must be one of engine, reconcile, dispatch, api, executor => correct --only, or take it away to get the default'],
  ['a switch that is neither on nor off', [], { AGENTICOS_DEMO: 'yes' }, 'bad-setting: AGENTICOS_DEMO is "yes", which cannot be used: it must be one of on, off => correct AGENTICOS_DEMO, or take it away to get the default'],
  ['an address without http', [], { AGENTICOS_PUBLIC_URL: 'example.org' }, 'bad-setting: AGENTICOS_PUBLIC_URL is "example.org", which cannot be used: an address that begins with http:// or https:// => correct AGENTICOS_PUBLIC_URL, or take it away to get the default'],
  ['a poll every 0 seconds', [], { AGENTICOS_POLL_SECONDS: '0' }, 'bad-setting: AGENTICOS_POLL_SECONDS is "0", which cannot be used: a whole number of 1 to 86400 => correct AGENTICOS_POLL_SECONDS, or take it away to get the default'],
  ['a poll every half second', [], { AGENTICOS_POLL_SECONDS: '0.5' }, 'bad-setting: AGENTICOS_POLL_SECONDS is "0.5", which cannot be used: a whole number of 1 to 86400 => correct AGENTICOS_POLL_SECONDS, or take it away to get the default'],
  ['another database, whose password is not told', [], { DATABASE_URL: 'mysql://root:hunter2@db/x' }, 'bad-setting: DATABASE_URL cannot be used: an address that begins with postgres:// => correct DATABASE_URL, or take it away to get the default'],
  ['half a database address', [], { DATABASE_URL: 'postgres://db:port/nets' }, 'bad-setting: DATABASE_URL cannot be used: a whole address => correct DATABASE_URL, or take it away to get the default'],
]
/** What it is, variables beside AGENTICOS_URL, then what an executor says of them. */
const EXECUTOR: readonly (readonly [string, Variables, string])[] = [
  ['a flag that is nearly one', { FLAGS: '--nmae home' }, '--nmae is no setting of an executor; did you mean --name?'],
  ['a flag twice', { FLAGS: '--name a --name b' }, '--name comes twice'],
  ['no address of the controller', { AGENTICOS_URL: '' }, 'AGENTICOS_URL: write the address of the controller, such as https://agenticos.example'],
  ['an address that is no address', { AGENTICOS_URL: 'ftp://controller' }, 'AGENTICOS_URL: write the address of the controller, such as https://agenticos.example'],
  ['a variable that is nearly a setting', { AGENTICOS_EXECUTOR_LABEL: 'zone=home' }, 'AGENTICOS_EXECUTOR_LABEL is no setting of an executor; did you mean AGENTICOS_EXECUTOR_LABELS?'],
  ['a variable that is no setting', { AGENTICOS_EGRESS_MODE: 'open' }, 'AGENTICOS_EGRESS_MODE is no setting of an executor; those are: AGENTICOS_URL, AGENTICOS_EXECUTOR_TOKEN, AGENTICOS_EXECUTOR_NAME, AGENTICOS_EXECUTOR_LABELS, AGENTICOS_EXECUTOR_CAPACITY, AGENTICOS_EXECUTOR_DATA, AGENTICOS_EXECUTOR_ROOTS, AGENTICOS_EXECUTOR_PATH, AGENTICOS_EXECUTOR_MEMORY, AGENTICOS_EXECUTOR_PROCESSES, AGENTICOS_EXECUTOR_CAGE, AGENTICOS_EXECUTOR_GRACE, AGENTICOS_EXECUTOR_LOG, AGENTICOS_CREDENTIALS, AGENTICOS_EXECUTOR_MODEL_HOSTS, AGENTICOS_EXECUTOR_RECORDINGS, AGENTICOS_EGRESS_HOSTS, AGENTICOS_EGRESS_ALLOW, AGENTICOS_EXECUTOR_IMAGES, AGENTICOS_EXECUTOR_NETWORK'],
  ['a name in capitals', { AGENTICOS_EXECUTOR_NAME: 'Big Name' }, 'AGENTICOS_EXECUTOR_NAME: an executor name is lower-case letters, digits and hyphens, 63 at most'],
  ['a token that is none', { AGENTICOS_EXECUTOR_TOKEN: 'short' }, 'AGENTICOS_EXECUTOR_TOKEN: it must have at least 16 characters'],
  ['a label without a value', { AGENTICOS_EXECUTOR_LABELS: 'zone' }, 'AGENTICOS_EXECUTOR_LABELS: label "zone" is not name=value'],
  ['a capacity of 0', { AGENTICOS_EXECUTOR_CAPACITY: '0' }, 'AGENTICOS_EXECUTOR_CAPACITY: it must be at least 1'],
  ['a capacity in words', { AGENTICOS_EXECUTOR_CAPACITY: 'many' }, 'AGENTICOS_EXECUTOR_CAPACITY: write a whole number'],
  ['a capacity above all', { AGENTICOS_EXECUTOR_CAPACITY: '1001' }, 'AGENTICOS_EXECUTOR_CAPACITY: it must be at most 1000'],
  ['memory in gigabytes', { AGENTICOS_EXECUTOR_MEMORY: '1GiB' }, 'AGENTICOS_EXECUTOR_MEMORY: write a whole number'],
  ['a cage that is none', { AGENTICOS_EXECUTOR_CAGE: 'strong' }, 'AGENTICOS_EXECUTOR_CAGE: it must be one of auto, required, off'],
  ['a grace below nothing', { AGENTICOS_EXECUTOR_GRACE: '-1' }, 'AGENTICOS_EXECUTOR_GRACE: write a whole number'],
  ['a log level that is none', { AGENTICOS_EXECUTOR_LOG: 'loud' }, 'AGENTICOS_EXECUTOR_LOG: it must be one of trace, debug, info, warn, error, silent'],
  ['a credential that is a setting', { AGENTICOS_CREDENTIALS: 'AGENTICOS_EXECUTOR_TOKEN' }, 'AGENTICOS_CREDENTIALS: AGENTICOS_EXECUTOR_TOKEN is a setting of the executor, never a credential'],
  ['a credential that is no variable', { AGENTICOS_CREDENTIALS: 'a-b' }, 'AGENTICOS_CREDENTIALS: "a-b" is not VARIABLE or VARIABLE@host|host'],
  ['an egress rule with a path', { AGENTICOS_EGRESS_ALLOW: 'a/b' }, 'AGENTICOS_EGRESS_ALLOW: "a/b" is neither host, address nor range; examples: intranet.example, http://10.0.0.0/8, [::1]:8080'],
  ['a network of 99 bits', { AGENTICOS_EGRESS_ALLOW: '10.0.0.0/99' }, 'AGENTICOS_EGRESS_ALLOW: "10.0.0.0/99" has a prefix longer than the address'],
  ['a network without an address', { AGENTICOS_EGRESS_ALLOW: 'host.example/8' }, 'AGENTICOS_EGRESS_ALLOW: "host.example/8" has a prefix length but no address'],
]

describe('a controller is not begun with', () => {
  test.each(CONTROLLER)('%s | %j %j', (_, args, env, expected) => expect(told(() => readConfig(args, env))).toBe(expected))
})

describe('an executor is not begun with', () => {
  test.each(EXECUTOR)('%s | %j', (_, env, expected) => expect(told(() => readExecutorConfig({ AGENTICOS_URL: 'http://here', ...env }, env['FLAGS']?.split(' ')))).toBe(expected))
})

/** What it is, what the process is started with, its exit code and what it says on standard error. */
const STARTS: readonly (readonly [string, 'controller' | 'executor', readonly string[], Variables, string])[] = [
  ['a flag that is none', 'controller', ['--prot', '1'], {}, '2 error: nothing reads the flag --prot | do:  write --port, or take it away'],
  ['a port that another program has', 'controller', ['--port', 'TAKEN'], {}, '1 error: another program listens at 127.0.0.1:TAKEN already | do:  stop it, or take another port: AGENTICOS_PORT=NEXT'],
  ['an address that this machine does not have', 'controller', ['--host', '192.0.2.1'], {}, '2 error: it is not possible to listen at 192.0.2.1:0: listen EADDRNOTAVAIL: address not available 192.0.2.1 | do:  correct --host and --port'],
  ['a data directory that is a file', 'controller', ['--data-dir', 'FOLDER/file'], {}, `1 error: the data directory FOLDER/file cannot be made: EEXIST: file already exists, mkdir 'FOLDER/file' | do:  name another one: --data-dir FOLDER`],
  ['a database that is not there', 'controller', [], { DATABASE_URL: 'DATABASE_not_there' }, '1 error: the database DATABASE_not_there at SOCKET refused: database "DATABASE_not_there" does not exist | do:  check user, password and database name in DATABASE_URL'],
  ['a database of a newer program', 'controller', [], { DATABASE_URL: 'NEWER' }, '1 error: the database has migration 9999-to-come.sql, which this program does not know | do:  start the version of the program that wrote it, or a later one; a database never goes back'],
  ['an executor without an API to ask', 'controller', ['--only', 'executor'], {}, '2 error: an executor without the API in this process has nobody to ask | do:  run it with: agenticos executor, or set AGENTICOS_PUBLIC_URL'],
  ['a setting that is none', 'executor', [], { AGENTICOS_URL: 'URL', AGENTICOS_EXECUTOR_NAME: 'Big Name' }, '2 agenticos executor: AGENTICOS_EXECUTOR_NAME: an executor name is lower-case letters, digits and hyphens, 63 at most'],
  ['a token that nobody knows', 'executor', [], { AGENTICOS_URL: 'URL', AGENTICOS_EXECUTOR_TOKEN: 'agenticos_x_nobody_knows_it' }, '1 agenticos executor: the token is unknown, revoked or expired | give the executor a new bootstrap token: agenticos token create NAME --kind bootstrap'],
  ['no token', 'executor', [], { AGENTICOS_URL: 'URL' }, '1 agenticos executor: no token: set AGENTICOS_EXECUTOR_TOKEN to a bootstrap token (agenticos token create NAME --kind bootstrap)'],
]

describe('a process ends at once, and says why', () => {
  const folder = mkdtempSync(join(tmpdir(), 'agenticos-settings-'))
  const places = new Map<string, string>([['FOLDER', folder]])
  let taken: Server
  let river: River
  beforeAll(async () => {
    writeFileSync(join(folder, 'file'), '')
    taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { url } = await testDatabase()
    const newer = await testDatabase()
    await newer.database.query(`insert into public.agenticos_migrations (number, name, hash) values (9999, '9999-to-come.sql', 'x')`)
    river = await startRiver({ env: { AGENTICOS_ONLY: 'api,dispatch' } })
    const { port } = taken.address() as AddressInfo
    places.set('TAKEN', String(port)).set('NEXT', String(port + 1)).set('DATABASE', url).set('NEWER', newer.url).set('URL', river.url)
  })
  afterAll(() => {
    taken.close()
    rmSync(folder, { recursive: true })
  })

  test.each(STARTS)('%s | %s %j %j', async (what, program, args, env, expected) => {
    const fill = (text: string): string => text.replace(/FOLDER|TAKEN|DATABASE|NEWER|^URL$/, (word) => places.get(word)!)
    const own = program === 'controller'
      ? { AGENTICOS_DATA_DIR: join(folder, 'data'), AGENTICOS_PORT: '0', AGENTICOS_LOG_LEVEL: 'silent', DATABASE_URL: places.get('DATABASE')! }
      : { AGENTICOS_EXECUTOR_DATA: join(folder, 'executor'), AGENTICOS_EXECUTOR_LOG: 'silent', AGENTICOS_EXECUTOR_NAME: 'e' }
    const filled = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, fill(value)]))
    const { code, err } = await run(process.execPath, [join(packageRoot(), `dist/${program}/main.js`), ...args.map(fill)], { cwd: folder, env: { PATH: process.env['PATH'], HOME: folder, ...own, ...filled } })
    const said = [...places].reduce((text, [name, value]) => text.replaceAll(value, name), err.trim().replace(/\s*\n\s*/g, ' | '))
    expect(`${code} ${said.replace(/test_[0-9a-f]{12}/g, 'DATABASE').replace(/\/tmp\/agenticos-\w+/g, 'SOCKET')}`).toBe(expected)
  })
})

function told(begin: () => unknown): string {
  try {
    begin()
    return 'nothing'
  } catch (error) {
    const { code, message, remedy } = error as { code?: string; message: string; remedy?: string }
    return code === undefined ? message : `${code}: ${message} => ${remedy}`
  }
}
