import { describe, expect, test } from 'vitest'
import { readFile } from '../../../petri/read.js'

const HEAD = 'apiVersion: agenticos.dev/v1\nkind: Net\nmetadata: {name: n}\n'
const place = (text: string): string => `${HEAD}places: {p: {${text}}}\n`
const step = (text: string): string => `${HEAD}transitions:\n  t:\n    ${text}\n`
const KEYS = 'category, tokens, capacity, schema, key, onDuplicate, keep, ttl, maxBytes, shares, open, sends, title, description'

/** text, then line:column, code: message => remedy */
const REFUSED: readonly (readonly [string, string, string])[] = [
  ['', '1:1', 'bad-value: the file is not a table of keys => begin with apiVersion, kind and metadata'],
  ['hello', '1:1', 'bad-value: the file is not a table of keys => begin with apiVersion, kind and metadata'],
  ['a: 1', '1:1', 'missing-key: the file has no "kind" => add kind: Net or Session'],
  ['kind: Nett', '1:1', 'unknown-kind: kind "Nett" is not known here => did you mean "Net"?'],
  ['kind: Policy', '1:1', 'unknown-kind: kind "Policy" is not known here => here stand files of kind Net or Session'],
  ['kind: Net\nmetadata: {name: n}', '1:1', 'missing-key: the file has no "apiVersion" => add apiVersion; it must be agenticos.dev/v1'],
  [HEAD.replace('v1', 'v2'), '1:1', 'bad-value: apiVersion must be agenticos.dev/v1, and is "agenticos.dev/v2" => did you mean "agenticos.dev/v1"?'],
  [HEAD.replace('{name: n}', '{name: N}'), '3:12', 'bad-value: metadata.name must be a name: a-z, then a-z, 0-9 and -, at most 63, and is "N" => change it: docs/net-files.md says what each key takes'],
  [HEAD.replace('{name: n}', '{}'), '3:1', 'missing-key: metadata has no "name" => add name; it must be a name'],
  [`${HEAD}plases: {}`, '4:1', 'unknown-key: the file has no key "plases" => did you mean "places"? the keys here are apiVersion, kind, metadata, params, places, transitions, budget, layout, foreign'],
  [place('category: task, capcity: 3'), '4:30', `unknown-key: places.p has no key "capcity" => did you mean "capacity"? the keys here are ${KEYS}`],
  [place('category: task, __proto__: 3'), '4:30', `unknown-key: places.p has no key "__proto__" => the keys here are ${KEYS}`],
  [place('keep: 3'), '4:10', 'bad-value: places.p must have a category: task, context, tool or learning, and is {"keep":3} => change it: docs/net-files.md says what each key takes'],
  [place('category: lerning'), '4:14', 'bad-value: places.p.category must be one of task, context, tool, learning, or a whole ${params.name}, and is "lerning" => did you mean "learning"?'],
  [place('category: task, capacity: 0'), '4:30', 'bad-value: places.p.capacity must be at least 1, and is 0 => change it: docs/net-files.md says what each key takes'],
  [place('category: task, capacity: many'), '4:30', 'bad-value: places.p.capacity must be a whole number from 1, or a whole ${params.name}, and is "many" => change it: docs/net-files.md says what each key takes'],
  [place('category: task, ttl: 5min'), '4:30', 'bad-value: places.p.ttl must be a duration such as 500ms, 30s, 5m, 2h or 7d, or a whole ${params.name}, and is "5min" => change it: docs/net-files.md says what each key takes'],
  [place('category: task, maxBytes: 1MB'), '4:30', 'bad-value: places.p.maxBytes must be a size such as 64KiB, or a number of bytes, or a whole ${params.name}, and is "1MB" => change it: docs/net-files.md says what each key takes'],
  [place('category: task, shares: other'), '4:30', 'bad-value: places.p.shares must be net/place, or a whole ${params.name}, and is "other" => change it: docs/net-files.md says what each key takes'],
  [place('category: task, tokens: {}'), '4:30', 'bad-value: places.p.tokens must be a list of tokens, or how many plain ones, and is {} => change it: docs/net-files.md says what each key takes'],
  [`${HEAD}places: {Raw: {category: task}}`, '4:10', 'bad-name: places.Raw: "Raw" must be a name: a-z, then a-z, 0-9 and -, at most 63 => rename it'],
  [`${HEAD}places: {__proto__: {category: task}}`, '4:10', 'bad-name: places: "__proto__" is no name => rename it'],
  [`${HEAD}places: {p: }`, '4:10', 'bad-value: places.p must be a table of keys, and is null => leave the key out, or give it a value ({} for an empty one)'],
  [`${HEAD}layout: {p: [1]}`, '4:10', 'bad-value: layout.p must be [x, y], and is [1] => change it: docs/net-files.md says what each key takes'],
  [step('kind: pas'), '6:5', 'bad-value: transitions.t.kind must be one of pass, map, link, http, llm, agent, command, and is "pas" => did you mean "pass"?'],
  [step('title: x'), '5:3', 'missing-key: transitions.t has no "kind" => add kind; it must be one of pass, map, link, http, llm, agent, command'],
  [step('kind: map'), '5:3', 'missing-key: transitions.t has no "do" => add do; it must be a table of keys'],
  [step('{kind: map, do: {}}'), '6:17', 'missing-key: transitions.t.do has no "template" => add template; it must be given'],
  [step('{kind: pass, do: {template: 1}}'), '6:18', 'unknown-key: transitions.t has no key "do" => the keys here are kind, title, description, in, out, drop, schedule, retry, timeout, concurrency, rate, executor, credentials, budget, approval, cost'],
  [step('{kind: pass, in: {x: {form: p}}}'), '6:23', 'missing-key: transitions.t.in.x has no "from" => add from; it must be the name of a place of this net, or _failed'],
  [step('{kind: pass, in: {x: Lines}}'), '6:23', 'bad-value: transitions.t.in.x must be the name of a place of this net, or _failed, or {from, ...}, and is "Lines" => change it: docs/net-files.md says what each key takes'],
  [step('{kind: pass, in: {X: p}}'), '6:23', 'bad-name: transitions.t.in.X: "X" must be a variable: a-z, then letters and digits, at most 63 => rename it'],
  [step('{kind: pass, in: {x: {from: p, take: some}}}'), '6:36', 'bad-value: transitions.t.in.x.take must be a number from 0 to 10000, all, {upTo: n}, or a whole ${earlier.path}, and is "some" => change it: docs/net-files.md says what each key takes'],
  [step('{kind: pass, in: {x: {from: p, take: {upto: 3}}}}'), '6:43', 'unknown-key: transitions.t.in.x.take has no key "upto" => did you mean "upTo"? the keys here are upTo'],
  [step('{kind: pass, in: {x: {from: p, mode: inhibits}}}'), '6:36', 'bad-value: transitions.t.in.x.mode must be one of consume, read, inhibit, or a whole ${params.name}, and is "inhibits" => did you mean "inhibit"?'],
  [step('{kind: pass, out: {p: }}'), '6:24', 'bad-value: transitions.t.out.p must be {emit, each, when}, each optional, or a list of those, and is null => leave the key out, or give it a value ({} for an empty one)'],
  [step('{kind: pass, out: {p: [{emits: 1}]}}'), '6:29', 'unknown-key: transitions.t.out.p[0] has no key "emits" => did you mean "emit"? the keys here are emit, each, when'],
  [step('{kind: pass, schedule: {}}'), '6:18', 'bad-value: transitions.t.schedule must have either every or cron, and is {} => change it: docs/net-files.md says what each key takes'],
  [step('{kind: pass, retry: {backoff: 2s-60s}}'), '6:26', 'bad-value: transitions.t.retry.backoff must be a duration, or two as 2s..60s, or a whole ${params.name}, and is "2s-60s" => change it: docs/net-files.md says what each key takes'],
  [step('{kind: pass, rate: 10}'), '6:18', 'bad-value: transitions.t.rate must be a rate such as 10/m, or {limit: 10/m, per: ${x.customer}}, and is 10 => change it: docs/net-files.md says what each key takes'],
  [step('{kind: pass, concurrency: 1001}'), '6:18', 'bad-value: transitions.t.concurrency must be at most 1000, and is 1001 => change it: docs/net-files.md says what each key takes'],
  [step('{kind: pass, budget: {usd: 0.05, per: week}}'), '6:38', 'bad-value: transitions.t.budget.per must be one of firing, hour, day, month, or a whole ${params.name}, and is "week" => change it: docs/net-files.md says what each key takes'],
  [step('{kind: pass, budget: {usd: -1, per: day}}'), '6:27', 'bad-value: transitions.t.budget.usd must be at least 0, and is -1 => change it: docs/net-files.md says what each key takes'],
  [step('{kind: pass, credentials: {token: env:T}}'), '6:32', 'bad-name: transitions.t.credentials.token: "token" must be a credential’s name: A-Z, 0-9 and _ => rename it'],
  [step('{kind: http, do: {url: u, method: FETCH}}'), '6:31', 'bad-value: transitions.t.do.method must be one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, or a whole ${params.name}, and is "FETCH" => change it: docs/net-files.md says what each key takes'],
  [step('{kind: http, do: {url: u, expect: [600]}}'), '6:40', 'bad-value: transitions.t.do.expect[0] must be at most 599, and is 600 => change it: docs/net-files.md says what each key takes'],
  [step('{kind: command, do: {argv: grep x}}'), '6:26', 'bad-value: transitions.t.do.argv must be a list: program, then arguments, and is "grep x" => change it: docs/net-files.md says what each key takes'],
  [step('{kind: command, do: {argv: []}}'), '6:26', 'bad-value: transitions.t.do.argv must name a program, and is [] => change it: docs/net-files.md says what each key takes'],
  [step('{kind: agent, do: {prompt: p, role: root}}'), '6:35', 'bad-value: transitions.t.do.role must be r, rw, rwx or rwxh, with an optional l, or a whole ${params.name}, and is "root" => change it: docs/net-files.md says what each key takes'],
  [`${HEAD}a: 1\na: 2`, '5:1', 'duplicate-key: the key "a" stands twice => keep one of the two'],
  [`${HEAD}params: {n: 1e400}`, '4:13', 'number-not-exact: the number 1e400 is not one that a double carries unchanged => send it as text: put it in quotes'],
  [`${HEAD}params: {n: 9007199254740993}`, '4:13', 'number-not-exact: the number 9007199254740993 is not one that a double carries unchanged => send it as text: put it in quotes'],
  [`${HEAD}params: {n: 0.12345678901234567890}`, '4:13', 'number-not-exact: the number 0.12345678901234567890 is not one that a double carries unchanged => send it as text: put it in quotes'],
  [`${HEAD}params: {n: 0x20000000000001}`, '4:13', 'number-not-exact: the number 0x20000000000001 is not one that a double carries unchanged => send it as text: put it in quotes'],
  [`${HEAD}params: {n: .nan}`, '4:13', 'number-not-exact: the number .nan is not one that a double carries unchanged => send it as text: put it in quotes'],
  [`${HEAD}params: {n: "\\0"}`, '4:13', 'bad-text: a text holds U+0000 => leave the character out, or send the bytes as base64'],
  [`${HEAD}params: {n: "\\ud800"}`, '4:13', 'bad-text: a text holds half of a surrogate pair => send well-formed Unicode'],
  [`${HEAD}params: {n: !secret x}`, '4:13', 'custom-tag: Unresolved tag: !secret => only the tags of YAML 1.2 core are read: leave it out'],
  [`${HEAD}params: {n: !!binary aGk=}`, '4:22', 'custom-tag: the tag tag:yaml.org,2002:binary is not one of YAML 1.2 core => leave the tag out'],
  [`%YAML 1.1\n---\n${HEAD}`, '1:1', 'yaml-syntax: the file says it is YAML 1.1 => leave the %YAML line out: it is read as YAML 1.2'],
  [`${HEAD}---\n${HEAD}`, '4:1', 'several-documents: the file holds a second document => put each into a file of its own'],
  [`${HEAD}params: {n: *x}`, '4:13', 'yaml-syntax: the alias *x has no anchor before it => write &x at the value, or write the value out'],
  [`${HEAD}params: &p {n: *p}`, '4:16', 'alias-bomb: the alias *p contains itself => write the value out'],
  [`${HEAD}params: {n: [1}`, '4:15', 'yaml-syntax: Flow sequence in block collection must be sufficiently indented and end with a ] => see yaml.org/spec/1.2.2, or quote the text'],
  [`${HEAD}params:\n\tn: 1`, '5:1', 'yaml-syntax: Tabs are not allowed as indentation => see yaml.org/spec/1.2.2, or quote the text'],
  [`${HEAD}params: {? [a] : 1}`, '4:12', 'yaml-syntax: With stringKeys, all keys must be strings => see yaml.org/spec/1.2.2, or quote the text'],
  ['a\u0000b', '1:1', 'yaml-syntax: the file holds U+0000: it is not UTF-8 text => save it as UTF-8'],
]

function read(text: string) {
  return readFile('nets/demo/n.yaml', text)
}

describe('a YAML file that is wrong ends in a finding that says where, what and what to do', () => {
  test.each(REFUSED.map(([text, at, said]) => ({ text, at, said })))('$said', ({ text, at, said }) => {
    const found = read(text).findings.map((finding) => ({ at: `${finding.line}:${finding.column}`, said: `${finding.code}: ${finding.message} => ${finding.remedy}` }))
    expect(found.map((one) => one.said)).toContain(said)
    expect(found.find((one) => one.said === said)!.at).toBe(at)
  })

  test('unknown keys are told all at once, and the rest is still a net to check', () => {
    const { value, findings } = read(`${place('category: task, capcity: 3, kep: 4')}lay: {}\n`)
    expect(findings.map((finding) => finding.code)).toEqual(['unknown-key', 'unknown-key', 'unknown-key'])
    expect(value).toEqual({ apiVersion: 'agenticos.dev/v1', kind: 'Net', metadata: { name: 'n' }, places: { p: { category: 'task' } } })
  })

  test('a finding names the net and the place or transition it is about', () => {
    expect(read(place('category: task, keep: -1')).findings).toMatchObject([{ element: 'n/p', file: 'nets/demo/n.yaml' }])
    expect(read(`${HEAD}params: 3`).findings).toMatchObject([{ element: 'n' }])
  })
})

test('what PNML cannot carry of kept elements is told, and is no error', () => {
  const kept = `foreign:\n  pnml:\n    xml: ['<a/>', '<a', '<arc id="a"/>']\n    places:\n      p: {name: ['<name/>'], xml: ['<initialMarking/>', '<b id="1"/>']}\n`
  const { value, findings } = read(HEAD + kept)
  expect(value).toBeDefined()
  expect(findings.map(({ code, level, line, column }) => `${level} ${code} ${line}:${column}`)).toEqual(['warning foreign-unwritable 6:19', 'warning foreign-unwritable 6:25', 'warning foreign-unwritable 8:36'])
})

describe('a YAML file that is large or deep is refused without harm', () => {
  test('100 MB are not looked into', () => {
    expect(read('x'.repeat(100_000_000)).findings).toMatchObject([{ code: 'too-large' }])
  })

  test.each([
    ['flow lists', '['.repeat(50_000)],
    ['flow tables', '{a: '.repeat(50_000)],
    ['block lists', `${'- '.repeat(20_000)}x`],
    ['101 levels', `${'['.repeat(99)}${']'.repeat(99)}`],
  ])('%s nested too deep are one finding', (_, text) => {
    expect(read(`${HEAD}params: {n: ${text.startsWith('-') ? 1 : text}}\n${text.startsWith('-') ? `x:\n  ${text}` : ''}`).findings.map((finding) => finding.code)).toEqual(['too-deep'])
  })

  test('aliases that unfold without end are refused, a few are not', () => {
    const letters = [...'abcdefghij']
    const bomb = letters.map((letter, index) => `  ${letter}: &${letter} [${Array(10).fill(index === 0 ? '1' : `*${letters[index - 1]}`).join(', ')}]`).join('\n')
    expect(read(`${HEAD}params:\n${bomb}\n`).findings.map((finding) => finding.code)).toEqual(['alias-bomb'])
    const few = read(`${HEAD}places:\n  a: &a {category: task}\n  b: *a\n`)
    expect(few.findings).toEqual([])
    expect(few.value).toMatchObject({ places: { a: { category: 'task' }, b: { category: 'task' } } })
  })

  test('50,000 keys, twice the same among them, are one finding', () => {
    const keys = Array.from({ length: 50_000 }, (_, n) => `  k${n}: 1`).join('\n')
    expect(read(`${HEAD}params:\n${keys}\n  k7: 2\n`).findings).toMatchObject([{ code: 'duplicate-key', line: 50_005, column: 3 }])
  })
})

describe('what YAML 1.2 core says is read as it says', () => {
  test('plain yes, no, on, dates and 1_000 are texts; hexadecimal, octal, + and exponents are numbers', () => {
    const { value } = read(`${HEAD}params: {a: yes, b: no, c: 2026-01-01, d: 1_000, e: 0x1F, f: 0o17, g: +7, h: 1e3, i: ~, j: .5, k: 007, l: -0, m: '12'}\n`)
    expect((value as { params: object }).params).toEqual({ a: 'yes', b: 'no', c: '2026-01-01', d: '1_000', e: 31, f: 15, g: 7, h: 1000, i: null, j: 0.5, k: 7, l: 0, m: '12' })
  })

  test('a key __proto__ inside a token is a key like every other', () => {
    const { value, findings } = read(place('category: task, tokens: [{__proto__: {a: 1}}]'))
    expect(findings).toEqual([])
    expect(Object.keys((value as unknown as { places: { p: { tokens: object[] } } }).places.p.tokens[0]!)).toEqual(['__proto__'])
    expect(({} as { a?: number }).a).toBeUndefined()
  })

  test('positions lead to each element, and an unknown path to the nearest one around it', () => {
    const { position } = read(`\uFEFF${HEAD}transitions:\n  count:\n    kind: pass\n    in:\n      hit: failures\n      seen: {from: counters, where: $.a}\n`)
    expect(position(['transitions', 'count', 'in', 'hit'])).toEqual({ line: 8, column: 7 })
    expect(position(['transitions', 'count', 'in', 'seen', 'where'])).toEqual({ line: 9, column: 30 })
    expect(position(['transitions', 'count', 'in', 'seen', 'mode'])).toEqual({ line: 9, column: 7 })
    expect(position(['transitions', 'count', 'out', 'x'])).toEqual({ line: 5, column: 3 })
    expect(position([])).toEqual({ line: 1, column: 1 })
  })
})
