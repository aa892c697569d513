import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { CommandRequest, Outcome } from '../../../protocol/effect.js'
import { testBench } from '../../support/bench.js'

const SECRET = 'tr0ub4dor&3/"horse battery'
const { bench, root, data, run, left, bounded } = await testBench({ AGENTICOS_CREDENTIALS: 'TOKEN', TOKEN: SECRET, AGENTICOS_EXECUTOR_PROCESSES: '40', AGENTICOS_EXECUTOR_MEMORY: '128' })

const order = (more: object): CommandRequest => ({ kind: 'command', env: {}, expect: [0], maxBytes: 4096, ...more })
const argv = (...words: string[]): CommandRequest => order({ argv: words })
const script = (text: string, more: object = {}): CommandRequest => order({ script: text, ...more })
const resultOf = (outcome: Outcome): any => {
  expect(outcome.status, JSON.stringify(outcome)).toBe('done')
  return (outcome as { result: unknown }).result
}

writeFileSync(join(root, 'app.log'), 'one ERROR\ntwo\nthree ERROR\n')

test('argv runs one program without a shell', async () => {
  expect(resultOf(await run(argv('printf', '%s|', '$HOME', '`id`', '; ls')))).toMatchObject({ exitCode: 0, signal: null, stdout: '$HOME|`id`|; ls|', stderr: '', truncated: false })
})

test('a pipeline is piped without a shell and reads the files of dir', async () => {
  const pipeline = order({ pipeline: [['grep', 'ERROR', 'app.log'], ['wc', '-l']], allow: { grep: null, wc: ['-l'] }, dir: '.' })
  expect(resultOf(await run(pipeline)).stdout.trim()).toBe('2')
})

test('a pipeline whose last stage ends early ends the first', async () => {
  expect(resultOf(await run(order({ pipeline: [['yes'], ['head', '-n2']], allow: { yes: null, head: ['-n'] } }))).stdout).toBe('y\ny\n')
})

test('a script gets values by environment alone, and none of the executor\'s', async () => {
  const env = Object.fromEntries(resultOf(await run(script('env', { env: { Q: 'a; rm -rf /' } }))).stdout.trim().split('\n').map((line: string) => line.split(/=(.*)/s).slice(0, 2)))
  expect(Object.keys(env).sort()).toEqual(['AGENTICOS_IDEMPOTENCY_KEY', 'AGENTICOS_MARK', 'HOME', 'LANG', 'PATH', 'PWD', 'Q', 'TMPDIR'])
  expect(env.Q).toBe('a; rm -rf /')
  expect(env.HOME).toBe(env.PWD)
  expect(existsSync(env.HOME)).toBe(false)
})

test('stdin is what the net gives, and closed otherwise', async () => {
  expect(resultOf(await run(order({ argv: ['cat'], stdin: 'äöü' }))).stdout).toBe('äöü')
  expect(resultOf(await run(argv('cat'))).stdout).toBe('')
})

test('an unexpected exit code fails for good, an expected one is a result', async () => {
  expect(await run(script('echo out; echo oops >&2; exit 3'))).toMatchObject({
    status: 'failed', code: 'exit-code', retryable: false, message: 'exit code 3, expected 0: oops', detail: { exitCode: 3, stdout: 'out\n', stderr: 'oops\n' },
  })
  expect(resultOf(await run(script('exit 3', { expect: [0, 3] })))).toMatchObject({ exitCode: 3 })
})

test('a program that is not there, and a signal, are told by name', async () => {
  expect(await run(argv('no-such-program'))).toMatchObject({ code: 'program-not-found', retryable: false })
  expect(await run(script('kill -SEGV $$'))).toMatchObject({ code: 'killed', message: 'the command was ended by SIGSEGV', detail: { signal: 'SIGSEGV' } })
})

test.each([
  ['json', '{"b": [1, 2], "a": null}', { a: null, b: [1, 2] }],
  ['lines', 'one\r\ntwo\n\nfour\n', ['one', 'two', '', 'four']],
  ['xml', '<r a="1"><x>007</x><x>&lt;b&gt; &#228;</x></r>', { r: { '@a': '1', 'x': ['007', '<b> ä'] } }],
] as const)('parse %s adds value', async (parse, text, value) => {
  expect(resultOf(await run(order({ argv: ['printf', '%s', text], parse }))).value).toEqual(value)
})

test.each([
  ['json', '{"a": 1, "a": 2}'], ['json', '[1e999]'], ['json', 'nothing'], ['json', ''],
  ['xml', '<r><x></r>'], ['xml', '<!DOCTYPE r [<!ENTITY a "aaaa">]><r>&a;</r>'], ['xml', 'text'],
] as const)('output that is no %s fails for good: %s', async (parse, text) => {
  expect(await run(order({ argv: ['printf', '%s', text], parse }))).toMatchObject({ status: 'failed', code: 'parse-failed', retryable: false, detail: { stdout: text } })
})

test('broken UTF-8 and NUL become U+FFFD and are counted, a real U+FFFD is not', async () => {
  const outcome = await run(script('printf "a\\377b\\000c\\357\\277\\275"'))
  expect(resultOf(outcome).stdout).toBe('a\ufffdb\ufffdc\ufffd')
  expect(outcome).toMatchObject({ notes: ['2 characters of the output were no text and became U+FFFD'] })
})

test('output beyond maxBytes is cut at a character and marked, and the command is not held up', async () => {
  const result = resultOf(await run(script('i=0; while [ $i -lt 5000 ]; do echo äää; i=$((i+1)); done; echo done >&2', { maxBytes: 1001 })))
  expect(result).toMatchObject({ truncated: true, stderr: 'done\n' })
  expect(Buffer.byteLength(result.stdout)).toBeGreaterThan(997)
  expect(Buffer.byteLength(result.stdout)).toBeLessThanOrEqual(1001)
  expect(await run(order({ argv: ['seq', '10000'], parse: 'json', maxBytes: 100 }))).toMatchObject({ code: 'output-truncated', retryable: false })
})

test('a flood of output is ended, not collected', async () => {
  expect(await run(argv('yes'))).toMatchObject({ code: 'output-flood', retryable: false, detail: { truncated: true } })
})

test('a command that ignores SIGTERM is ended all the same, and a time-out may be tried again', async () => {
  const outcome = await run(script('trap "" TERM; echo begun; while :; do sleep 0.05; done'), { timeoutMs: 300 })
  expect(outcome).toMatchObject({ status: 'failed', code: 'timeout', retryable: true, detail: { stdout: 'begun\n' } })
})

test('an aborted command is cancelled', async () => {
  const stop = new AbortController()
  const running = run(script('sleep 60'), {}, stop.signal)
  stop.abort('cancelled')
  expect(await running).toMatchObject({ code: 'cancelled', retryable: false })
})

test('nothing that a command starts outlives it, in its group or out of it', async () => {
  const before = Date.now()
  await run(script('sleep 61 & setsid sleep 62 & (setsid sh -c "trap \'\' TERM HUP; sleep 63" &) ; echo started'))
  expect(Date.now() - before).toBeLessThan(20_000)
  expect(await left()).toEqual([])
  expect(readdirSync(join(data, 'running'))).toEqual([])
})

test('a fork bomb is ended within its limit', async () => {
  // Where only our own look at the process table bounds it, one that doubles would take the machine with it.
  const bomb = bounded ? 'bomb() { bomb | bomb & }; bomb; sleep 30' : 'while :; do sleep 30 & done'
  expect(await run(script(bomb))).toMatchObject({ status: 'failed', code: 'process-limit', retryable: false })
  expect(await left()).toEqual([])
})

test('memory beyond the limit is refused or ends the command', async () => {
  const outcome = await run(order({ argv: [process.execPath, '-e', 'const kept = []; for (;;) kept.push(Buffer.alloc(4e6, 1))'] }))
  expect(outcome).toMatchObject({ status: 'failed', retryable: false, code: expect.stringMatching(/^(memory-limit|killed|exit-code)$/) })
})

test.each([
  ['../', /is not there|leads to/], ['/etc', /leads to \/etc, outside/], ['nowhere', /is not there/], ['app.log', /is not a folder/], ['out', /leads to .*, outside/], ['a\0b', /NUL/],
])('dir %j is refused', async (dir, message) => {
  if (!existsSync(join(root, 'out'))) symlinkSync('/usr', join(root, 'out'))
  expect(await run(order({ argv: ['ls'], dir }))).toMatchObject({ code: 'bad-dir', retryable: false, message: expect.stringMatching(message) })
})

test.each([
  [['cat', '/etc/passwd'], /absolute path/],
  [['cat', '../secret'], /leads upwards/],
  [['cat', 'sub/../../secret'], /leads upwards/],
  [['cat', 'escape'], /leads to .*, outside of dir/],
  [['cat', '~root'], /begins with ~/],
  [['grep', '--file=/etc/passwd', 'x'], /reads or writes files/],
  [['grep', '-f', 'x'], /reads or writes files/],
  [['grep', '--include=/etc/x', 'x'], /absolute path|not allowed/],
  [['sort', '--outp=x', 'app.log'], /reads or writes files/],
  [['sort', '-ux', 'app.log'], /not allowed here; allowed are: -u -r/],
  [['sort', '-uo', 'x'], /reads or writes files/],
  [['rm', 'app.log'], /program rm is not allowed/],
  [['sh', '-c', 'id'], /starts programs/],
  [['python3.11', '-c', 'x'], /starts programs/],
  [['./grep', 'x'], /is a path/],
  [['sed', '1e id', 'app.log'], /reads or writes files/],
  [['sed', 'w out', 'app.log'], /reads or writes files/],
  [['__proto__'], /not allowed/],
])('a pipeline refuses %j', async (stage, message) => {
  if (!existsSync(join(root, 'escape'))) symlinkSync('/etc/passwd', join(root, 'escape'))
  const allow = { 'cat': null, 'grep': null, 'sort': ['-u', '-r'], 'sh': null, 'python3.11': null, './grep': null, 'sed': null }
  expect(await run(order({ pipeline: [stage], allow, dir: '.' }))).toMatchObject({ code: 'command-refused', message: expect.stringMatching(message) })
})

test('a pipeline that gets past its words sees dir read-only and nothing else, where the machine allows a cage', async () => {
  const caged = bench.cage !== undefined
  symlinkSync('/etc/hostname', join(root, 'late'))
  const allow = { ls: null, stat: null, uniq: null, cat: null }
  const seen = async (...stage: string[]) => JSON.stringify(await run(order({ pipeline: [stage], allow, dir: '.', expect: [0, 1] })))
  // `uniq IN OUT` writes, and no list of options says so.
  await seen('uniq', 'app.log', 'made')
  expect(existsSync(join(root, 'made'))).toBe(!caged)
  expect(await seen('ls')).toContain('app.log')
  // A link that appears after the words were judged leads nowhere in the cage.
  const pipeline = order({ pipeline: [['cat'], ['cat', '--', 'app.log']], allow, dir: '.' })
  expect(resultOf(await run(pipeline)).stdout).toContain('one ERROR')
  expect(await seen('cat', 'late')).toContain('outside of dir')
})

test('the executor\'s own folder stays closed where it lies under a root', async () => {
  const top = await testBench({ AGENTICOS_EXECUTOR_ROOTS: join(data, '..'), AGENTICOS_EXECUTOR_DATA: join(data, '.own/executor') })
  mkdirSync(join(data, '.own/executor'), { recursive: true })
  writeFileSync(join(data, '.own/admin-token'), 'not-for-you')
  const name = data.slice(data.lastIndexOf('/') + 1)
  for (const dir of [`${name}/.own`, `${name}/.own/executor`]) expect(await top.run(order({ argv: ['ls'], dir }))).toMatchObject({ code: 'bad-dir', message: `dir ${dir} is the executor's own; roots are set in AGENTICOS_EXECUTOR_ROOTS` })
  const pipeline = (...stage: string[]) => top.run(order({ pipeline: [stage], allow: { cat: null, grep: null }, dir: name, expect: [0, 1, 2] }))
  expect(await pipeline('cat', '.own/admin-token')).toMatchObject({ code: 'command-refused', message: expect.stringContaining('is the executor\'s own') })
  if (top.bench.cage !== undefined) expect(JSON.stringify(await pipeline('grep', '-r', 'not-for-you'))).not.toContain('admin-token')
})

test('a secret comes back in no writing, not even where the output is cut', async () => {
  const texts = [
    'printf "%s" "$TOKEN"', 'printf "user:%s" "$TOKEN" | base64 -w0', 'printf "%s" "$TOKEN" | od -An -tx1 | tr -d " \\n"', 'printf "%s" "$TOKEN" >&2; exit 4',
    'printf "x%s%s" "$TOKEN" "$TOKEN"', `${process.execPath} -e 'console.log(JSON.stringify(process.env.TOKEN), encodeURIComponent(process.env.TOKEN))'`,
  ]
  for (const text of texts) expect(seen(await run(script(text), { credentials: { TOKEN: 'env:TOKEN' } }))).toBe(false)
  for (let maxBytes = 1; maxBytes < 60; maxBytes++) {
    const outcome = await run(script('printf "ab%scd%s" "$TOKEN" "$TOKEN"', { maxBytes }), { credentials: { TOKEN: 'env:TOKEN' } })
    expect(resultOf(outcome).stdout).not.toMatch(/tr|0u|dor|horse|tery/)
  }
  const parsed = await run(script('printf \'{"a":["%s"]}\' abc"$SHORT"', { parse: 'json' }), { credentials: { SHORT: 'env:TOKEN' } })
  expect(seen(parsed)).toBe(false)
})

test.each([
  ['env:OTHER', /does not give out OTHER/], ['env:AGENTICOS_EXECUTOR_TOKEN', /does not give out/], ['vault:a#b', /reads env:VARIABLE only/],
])('a credential from %s is refused before anything runs', async (source, message) => {
  expect(await run(argv('true'), { credentials: { X: source } })).toMatchObject({ code: 'credential-refused', retryable: false, message: expect.stringMatching(message) })
})

test('a workspace is empty at first, kept after, and never silently begun again', async () => {
  const write = script('ls; echo data > kept; mkdir -p sub', { workspace: 'w' })
  expect(resultOf(await run(write, { workspace: 'fresh' })).stdout).toBe('')
  expect(resultOf(await run(script('cat kept', { workspace: 'w' }), { workspace: 'kept' })).stdout).toBe('data\n')
  expect(resultOf(await run(script('pwd', { workspace: 'w', dir: 'sub' }), { workspace: 'kept' })).stdout).toMatch(/\/sub\n$/)
  expect(await run(script('pwd', { workspace: 'w', dir: '../..' }), { workspace: 'kept' })).toMatchObject({ code: 'bad-dir' })
  expect(resultOf(await run(script('ls', { workspace: 'w' }), { workspace: 'kept', session: 'demo' })).stdout).toBe('kept\nsub\n')
  expect(await run(script('ls', { workspace: 'w' }), { workspace: 'kept', session: 'other' })).toMatchObject({ code: 'workspace-lost', retryable: false })
  expect(resultOf(await run(script('ls', { workspace: 'w' }), { workspace: 'fresh' })).stdout).toBe('')
})

test('a command that takes away its own rights still leaves no folder behind', async () => {
  await run(script('mkdir -p a/b && touch a/b/c && chmod 000 a/b a'))
  expect(readdirSync(join(data, 'work'))).toEqual([])
})

test('dir is found under the roots, by name or by whole path', async () => {
  mkdirSync(join(root, 'sub'), { recursive: true })
  expect(resultOf(await run(order({ argv: ['pwd'], dir: 'sub' }))).stdout).toMatch(/root\/sub\n$/)
  expect(resultOf(await run(order({ argv: ['pwd'], dir: join(root, 'sub') }))).stdout).toMatch(/root\/sub\n$/)
})

function seen(outcome: Outcome): boolean {
  const text = JSON.stringify(outcome)
  const writings = [SECRET, JSON.stringify(SECRET).slice(1, -1), encodeURIComponent(SECRET), Buffer.from(SECRET).toString('hex'), Buffer.from(`user:${SECRET}`).toString('base64').slice(8, -4)]
  return writings.some((writing) => text.includes(writing))
}
