import { expect, test } from 'vitest'
import type { NetFile } from '../../../petri/language.js'
import { readYaml } from '../../../petri/yaml/read.js'
import { writeYaml } from '../../../petri/yaml/write.js'

const HAND = `# yaml-language-server: $schema=../../schemas/net.schema.json
# Watches sshd.
apiVersion: agenticos.dev/v1
kind: Net
metadata: {name: ssh-watch}
params: {threshold: 5} # how many

places:
  # raw lines
  lines: {category: task, capacity: 100000, schema: {type: object, required: [text]}}

  alerts: {category: task, key: $.ip}
  rest: {category: learning, keep: 1000} # to learn from
transitions:
  raise:
    # consumes the counter
    kind: pass
    in: {hit: {from: lines, where: "$.count >= \${params.threshold}"}}
    out:
      alerts:
        - {when: $.bad == true}
        # the rest is kept
        - {when: otherwise}
`

function net(): NetFile {
  const { value, findings } = readYaml('nets/demo/ssh-watch.yaml', HAND)
  expect(findings).toEqual([])
  return structuredClone(value) as NetFile
}

test('a text whose value did not change comes back byte for byte', () => {
  const crlf = HAND.replaceAll('\n', '\r\n')
  expect(writeYaml(net(), HAND)).toBe(HAND)
  expect(writeYaml(net(), crlf)).toBe(crlf)
})

test('an edit changes its own lines and keeps comments, order, blank lines and styles', () => {
  const edited = net()
  edited.params!['threshold'] = 7
  edited.transitions!['raise']!.in!['hit'] = { from: 'lines', where: '$.count > 3' }
  edited.places!['late'] = { category: 'task', ttl: '5m' }
  delete edited.places!['alerts']!.key
  edited.transitions!['raise']!.out!['alerts'] = [{ when: '$.bad == true' }, { when: 'success', emit: 1 }, { when: 'otherwise' }]
  expect(writeYaml(edited, HAND)).toBe(HAND
    .replace('threshold: 5', 'threshold: 7')
    .replace('"$.count >= ${params.threshold}"', '"$.count > 3"')
    .replace('{category: task, key: $.ip}', '{category: task}')
    .replace('# to learn from\n', '# to learn from\n  late: {category: task, ttl: \'5m\'}\n')
    .replace('        # the rest is kept\n', '        - {when: success, emit: 1}\n        # the rest is kept\n'))
})

test('lines that an edit does not touch stay as they were: columns, spaces, comments behind a key, CRLF', () => {
  const text = `apiVersion: agenticos.dev/v1
kind:    Net
metadata: { name: ssh-watch }
places:
  lines:    {category: task,   capacity: 10}   # raw
  failures: {category: task}
  rest:     {category: learning}


transitions:
    fail:         # four spaces here
        kind: pass
        in:  {line: {from: lines, where: $.bad == true}}
        out: {failures: {}}
    other:
        kind: pass
        in:  {line: {from: lines,
                     otherwise: true}}
        out: {rest: {}}
`
  const value = structuredClone(readYaml('nets/demo/ssh-watch.yaml', text).value) as NetFile
  value.places!['failures']!.capacity = 5
  value.transitions!['fail']!.in!['line'] = { from: 'lines', where: '$.bad != false' }
  const wanted = text.replace('failures: {category: task}', 'failures: {category: task, capacity: 5}')
    .replace('    in:  {line: {from: lines, where: $.bad == true}}', "    in: {line: {from: lines, where: '$.bad != false'}}")
  expect(writeYaml(value, text)).toBe(wanted)
  expect(writeYaml(value, text.replaceAll('\n', '\r\n'))).toBe(wanted.replaceAll('\n', '\r\n'))
})

test('a fresh file quotes every text that is no plain word, is block style from the third key on, and names its schema', () => {
  const text = writeYaml({
    apiVersion: 'agenticos.dev/v1', kind: 'Net', metadata: { name: 'first', title: 'A title: with # signs' },
    params: { y: 'on', answer: '42', lines: 'one\ntwo\n', odd: "it's", tab: '\t', empty: '', list: ['a', 'b c'] },
    places: { p: { category: 'task' }, yes: { category: 'task', capacity: 3, key: '$.id' } },
    transitions: {},
  })
  expect(text).toBe(`# yaml-language-server: $schema=../../schemas/net.schema.json
apiVersion: 'agenticos.dev/v1'
kind: Net
metadata: {name: first, title: 'A title: with # signs'}
params:
  'y': 'on'
  answer: '42'
  lines: |
    one
    two
  odd: 'it''s'
  tab: "\\t"
  empty: ''
  list: [a, 'b c']
places:
  p: {category: task}
  'yes':
    category: task
    capacity: 3
    key: '$.id'
transitions: {}
`)
})

test('an edit under an anchor that other places repeat is written out rather than changing them all', () => {
  const text = 'apiVersion: agenticos.dev/v1\nkind: Net\nmetadata: {name: n}\nplaces:\n  a: &a {category: task}\n  b: *a\n'
  const value = structuredClone(readYaml('n.yaml', text).value) as NetFile
  value.places!['a']!.category = 'context'
  expect(readYaml('n.yaml', writeYaml(value, text)).value).toEqual(value)
  expect((readYaml('n.yaml', writeYaml(value, text)).value as NetFile).places!['b']).toEqual({ category: 'task' })
})

test('a text that is no YAML, or another document, is replaced by a fresh one', () => {
  const value = net()
  expect(writeYaml(value, 'a: [')).toBe(writeYaml(value))
  expect(readYaml('n.yaml', writeYaml(value, 'kind: Session\n')).value).toEqual(value)
})

test('session.yaml keeps its limits one a line', () => {
  const text = writeYaml({ apiVersion: 'agenticos.dev/v1', kind: 'Session', metadata: { name: 'demo' }, limits: { tokens: 100 }, budget: { usd: 2, per: 'day' } })
  expect(text).toContain('# yaml-language-server: $schema=../../schemas/session.schema.json\n')
  expect(text).toContain('limits:\n  tokens: 100\nbudget: {usd: 2, per: day}\n')
})
