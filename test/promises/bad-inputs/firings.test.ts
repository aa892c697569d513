// Promise G, values: tokens that are taken, and then cannot be worked on; answers of programs and hosts that cannot be used. Each ends
// as a dead letter that says why, and holds the value.
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packageRoot } from '../../../controller/package-root.js'
import type { Json } from '../../../petri/json.js'
import { API } from '../../../protocol/api.js'
import type { DeadAnswer } from '../../../protocol/api/work.js'
import { startRiver, type River } from '../../support/river.js'

/** What it is, the transition (its input is x), the value of x, then `code: message` of the dead letter. */
const ROWS: readonly (readonly [string, string, Json, string])[] = [
  ['a text where a number goes', `kind: map, do: {template: '\${x.a | add(1)}'}`, { a: 'one' }, 'template-error: ${x.a | add(1)}: add takes a number, and the text "one" goes in (it is used as add(n))'],
  ['a path that is not there', `kind: map, do: {template: '\${x.b.c}'}`, { a: 1, b: {} }, 'template-error: ${x.b.c}: x.b has no "c"; it has no keys (${x.b.c | default(...)} says what stands for it when it is missing)'],
  ['an integer beyond 2^53', `kind: map, do: {template: '\${x.a | mul(x.a)}'}`, { a: 9007199254740991 }, 'template-error: ${x.a | mul(x.a)}: mul gives more than 2^53-1, which is no exact number any more (count in a larger unit)'],
  ['a division by nothing', `kind: map, do: {template: '\${x.a | div(0)}'}`, { a: 1 }, 'template-error: ${x.a | div(0)}: div divides by zero (ask for it first: a condition on the arc, or max(1))'],
  ['a value nested deeper than tokens go', `kind: map, do: {template: {past: '\${x}'}}`, JSON.parse('['.repeat(64) + ']'.repeat(64)) as Json, 'token-too-deep: a value is nested over 64 levels (flatten it; a token that carries its past grows with each firing)'],
  ['a value larger than its place', `kind: map, do: {template: '\${x}'}, out: {tiny: {}}`, 'x'.repeat(40), 'token-too-large: a token for faults/tiny has more than its 20 bytes (maxBytes)'],
  ['a value that does not fit its place', `kind: map, do: {template: '\${x}'}, out: {strict: {}}`, { n: 'one' }, 'schema-misfit: a token for faults/strict does not fit its schema: $.n is the text "one", and a number is expected'],
  ['a key twice in one firing', `kind: map, do: {template: '\${x}'}, out: {keyed: {each: '\${result}', emit: '\${item}'}}`, [{ id: 1 }, { id: 1 }], 'duplicate: faults/keyed holds a token with this key already'],
  ['more tokens than a place ever holds', `kind: map, do: {template: '\${x}'}, out: {one: {each: '\${result}', emit: '\${item}'}}`, [1, 2], 'over-capacity: 2 tokens can never fit into faults/one, which holds 1'],
  ['10,001 tokens of one firing', `kind: map, do: {template: '\${x}'}, out: {done: {each: '\${result}', emit: '\${item}'}}`, Array.from({ length: 10_001 }, (_, n) => n), 'too-many-tokens: a firing makes at most 10000 tokens and 8388608 bytes of them'],
  ['a text where a list goes', `kind: map, do: {template: '\${x}'}, out: {done: {each: '\${result}', emit: '\${item}'}}`, 'a', 'template-error: each of the arc to done gives a, not a list'],
  ['a result that no arc wants', `kind: map, do: {template: '\${x}'}, out: {done: {when: $.ok == true}}`, { ok: false }, 'no-output-matched: no output arc of faults/t11 holds for the result'],
  ['a URL of another protocol', `kind: http, do: {url: '\${x}'}`, 'file:///etc/passwd', 'bad-url: ${x} gives a URL of file://, and a request goes over https or http'],
  ['a URL with a password', `kind: http, do: {url: '\${x}'}`, 'https://me:secret@example.org/', 'bad-url: ${x} gives a URL with a user part'],
  ['a URL that is none', `kind: http, do: {url: '\${x}'}`, 'not a url', 'bad-url: ${x} gives "not a url", which is no URL'],
  ['an object where a URL goes', `kind: http, do: {url: '\${x}'}`, { url: 'https://example.org' }, 'bad-url: ${x} gives "{\\"url\\":\\"https://example.org\\"}", which is no URL'],
  ['a header with a line end', `kind: http, do: {url: '\${params.host}/', headers: {x-a: '\${x}'}}`, 'a\r\nx-b: b', 'bad-header: the value of the header x-a holds a line end'],
  ['the address of the machine’s own secrets', `kind: http, do: {url: '\${x}'}`, 'http://169.254.169.254/latest/meta-data/', 'egress-refused: plain http to 169.254.169.254 is refused; use https, or allow http://169.254.169.254 in AGENTICOS_EGRESS_ALLOW'],
  ['a private address', `kind: http, do: {url: '\${x}'}`, 'https://10.0.0.1/', 'egress-refused: 10.0.0.1 is at 10.0.0.1, which is a private address; allow it in AGENTICOS_EGRESS_ALLOW if that is meant'],
  ['a private address in disguise', `kind: http, do: {url: '\${x}'}`, 'https://[::ffff:10.0.0.1]/', 'egress-refused: ::ffff:a00:1 is at ::ffff:a00:1, which is a private address; allow it in AGENTICOS_EGRESS_ALLOW if that is meant'],
  ['an allowed host in plain http on another port', `kind: http, do: {url: '\${x}'}`, 'http://127.0.0.1:9/', 'egress-refused: plain http to 127.0.0.1 is refused; use https, or allow http://127.0.0.1 in AGENTICOS_EGRESS_ALLOW'],
  ['a redirect to the machine’s own secrets', `kind: http, do: {url: '\${params.host}/to', query: {u: '\${x}'}}`, 'http://169.254.169.254/', 'egress-refused: plain http to 169.254.169.254 is refused; use https, or allow http://169.254.169.254 in AGENTICOS_EGRESS_ALLOW'],
  ['a redirect to nowhere', `kind: http, do: {url: '\${params.host}/to', query: {u: '\${x}'}}`, 'http://', 'bad-redirect: 127.0.0.1:PORT redirects to something that is no URL'],
  ['redirects in a circle', `kind: http, do: {url: '\${params.host}/circle'}`, 1, 'too-many-redirects: 127.0.0.1:PORT redirects more than 5 times'],
  ['an answer that is not found', `kind: http, do: {url: '\${params.host}/status', query: {s: '\${x}'}}`, 404, 'unexpected-status: status 404, expected 2xx'],
  ['an answer of a server at fault', `kind: http, do: {url: '\${params.host}/status', query: {s: '\${x}'}}`, 500, 'unexpected-status: status 500, expected 2xx'],
  ['an answer larger than it may be', `kind: http, do: {url: '\${params.host}/large', maxBytes: 100}`, 1, 'answer-too-large: 127.0.0.1:PORT: the answer has more than 100 bytes; raise maxBytes, or ask for less'],
  ['an answer that is no JSON', `kind: http, do: {url: '\${params.host}/large', parse: json}`, 1, 'parse-failed: the answer is no json: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" stands where a JSON value is expected (at character 1)'],
  ['an answer that never comes', `kind: http, timeout: 300ms, do: {url: '\${params.host}/never'}`, 1, 'timeout: 127.0.0.1:PORT did not answer whole within 300 ms'],
  ['a connection that is cut', `kind: http, do: {url: '\${params.host}/cut'}`, 1, 'transport: 127.0.0.1:PORT: other side closed'],
  ['a credential that the executor does not have', `kind: http, credentials: {T: 'env:NOT_THERE'}, do: {url: '\${params.host}/', headers: {authorization: '\${credentials.T}'}}`, 1, 'credential-refused: credential T: this executor does not give out NOT_THERE; list it in its AGENTICOS_CREDENTIALS'],
  ['a value that would be an option', `kind: command, do: {argv: [grep, '\${x}', file]}`, '--file=/etc/passwd', 'option-injection: the argument ${x} came out as "--file=/etc/passwd", which the program would take for an option; write -- before it, or --option=${x}'],
  ['a program that is not there', `kind: command, do: {argv: [no-such-program]}`, 1, 'program-not-found: there is no program no-such-program on this executor (PATH /usr/bin:/bin)'],
  ['a working directory outside', `kind: command, do: {argv: [ls], dir: '\${x}'}`, '/etc', 'bad-dir: dir /etc leads to /etc, outside of ROOT; roots are set in AGENTICOS_EXECUTOR_ROOTS'],
  ['a working directory above', `kind: command, do: {argv: [ls], dir: '\${x}'}`, '../../..', 'bad-dir: dir ../../.. leads to /, outside of ROOT; roots are set in AGENTICOS_EXECUTOR_ROOTS'],
  ['a path out of a pipeline', `kind: command, do: {pipeline: [[cat, '\${x}']], allow: [cat]}`, '/etc/passwd', 'command-refused: argument 1 of cat: /etc/passwd is an absolute path'],
  ['a way up out of a pipeline', `kind: command, do: {pipeline: [[cat, '\${x}']], allow: [cat]}`, 'a/../../b', 'command-refused: argument 1 of cat: a/../../b leads upwards'],
  ['an exit code that is not expected', `kind: command, do: {script: 'echo sorry >&2; exit 3'}`, 1, 'exit-code: exit code 3, expected 0: sorry'],
  ['a program that is killed', `kind: command, do: {script: 'kill -9 $$'}`, 1, 'killed: the command was ended by SIGKILL'],
  ['a program that does not end', `kind: command, timeout: 300ms, do: {script: 'sleep 60'}`, 1, 'timeout: the command was ended after 300 ms'],
  ['output that is no JSON', `kind: command, do: {argv: [echo, hello], parse: json}`, 1, 'parse-failed: stdout is no json: "hello" stands where a JSON value is expected (at character 1)'],
  ['output that is JSON no more when it is cut', `kind: command, do: {argv: [echo, '[1, 2, 3, 4, 5, 6, 7]'], parse: json, maxBytes: 8}`, 1, 'output-truncated: 22 bytes came out, maxBytes is 8: too few to parse'],
  ['output without end', `kind: command, do: {argv: ['yes'], maxBytes: 1KiB}`, 1, 'output-flood: the command wrote far more output than maxBytes and was ended'],
]

const net = (port: number): string => `apiVersion: agenticos.dev/v1
kind: Net
metadata: {name: faults}
params: {host: 'http://127.0.0.1:${port}'}
places:
  done: {category: task}
  tiny: {category: task, maxBytes: 20}
  strict: {category: task, schema: {type: object, properties: {n: {type: number}}}}
  keyed: {category: task, key: $.id}
  one: {category: task, capacity: 1}
${ROWS.map((_, nth) => `  x${nth}: {category: task}\n`).join('')}transitions:
${ROWS.map(([, text], nth) => `  t${nth}: {${text}, in: {x: x${nth}}, retry: {attempts: 1}${text.includes('out:') ? '' : ', out: {done: {}}'}}\n`.replace(/kind: map(.*), retry: \{attempts: 1\}/, 'kind: map$1')).join('')}`

let river: River
let host: Server
let port: number
let dead: ReadonlyMap<string, DeadAnswer>
beforeAll(async () => {
  host = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://host')
    if (url.pathname === '/cut') return void request.socket.destroy()
    if (url.pathname === '/never') return
    if (url.pathname === '/circle') return void response.writeHead(302, { location: '/circle' }).end()
    if (url.pathname === '/to') return void response.writeHead(302, { location: url.searchParams.get('u') ?? '' }).end()
    if (url.pathname === '/status') return void response.writeHead(Number(url.searchParams.get('s'))).end('sorry')
    response.end('x'.repeat(1_000))
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => host.once('listening', resolve))
  port = (host.address() as AddressInfo).port
  river = await startRiver({ files: { 'nets/bad/faults.yaml': net(port) }, env: { AGENTICOS_EGRESS_ALLOW: `http://127.0.0.1:${port}`, AGENTICOS_EXECUTOR_PATH: '/usr/bin:/bin' } })
  for (const [nth, [, , value]] of ROWS.entries()) await river.put(`bad/faults/x${nth}`, value)
  await river.quiet('bad')
  const { items } = await river.client.call(API.listDead, { params: { session: 'bad' }, query: { limit: 500 } })
  dead = new Map(items.map((item) => [item.transition, item]))
})
afterAll(() => void host.close())

describe('a value that cannot be worked on', () => {
  test.each(ROWS.map((row, nth) => [...row, nth] as const))('%s | %s', async (_, __, value, expected, nth) => {
    const letter = dead.get(`t${nth}`)
    expect(`${letter?.code}: ${letter?.message.replace(String(port), 'PORT').replace(packageRoot(), 'ROOT')}`).toBe(expected)
    expect((letter?.data as { input: { x: Json } } | undefined)?.input.x).toEqual(value)
  })

  test('is told with what to do, by its code', () => {
    const page = readFileSync(join(packageRoot(), 'docs/errors.md'), 'utf8')
    for (const { code } of dead.values()) expect(page).toMatch(new RegExp(`^\\| \`${code}\` \\| [a-z]+ \\| .+ \\| .+ \\|$`, 'm'))
  })
})

test('nothing of it is lost: each value is a dead letter or nowhere else, and the log proves it', async () => {
  expect(dead.size).toBe(ROWS.length)
  for (const place of ['done', 'tiny', 'strict', 'keyed', 'one']) expect(await river.tokens(`bad/faults/${place}`)).toEqual([])
  expect(await river.client.call(API.verify, { params: { session: 'bad' } })).toMatchObject({ ok: true, differences: [] })
  expect(river.child.exitCode).toBeNull()
})
