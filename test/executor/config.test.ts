import { expect, test } from 'vitest'
import { readConfig } from '../../executor/config.js'

const URL = { AGENTICOS_URL: 'https://agenticos.example/' }

test('what is not set has its default, and an empty variable is not set', () => {
  expect(readConfig({ ...URL, HOME: '/home/me', AGENTICOS_EXECUTOR_NAME: 'x', AGENTICOS_EXECUTOR_CAPACITY: '', PATH: '/bin' })).toMatchObject({
    url: 'https://agenticos.example', token: undefined, labels: {}, capacity: 64, data: '/home/me/.local/state/agenticos/executors/x', roots: [process.cwd()],
    path: '/bin', memoryBytes: 1024 ** 3, processes: 256, graceMs: 25_000,
  })
})

test('lists are read with spaces or commas', () => {
  const options = readConfig({
    ...URL, AGENTICOS_EXECUTOR_LABELS: 'zone=home, gpu=a=b', AGENTICOS_EXECUTOR_ROOTS: '/a:/b', AGENTICOS_CREDENTIALS: 'ONE TWO@api.example|*.example',
  })
  expect(options.labels).toEqual({ zone: 'home', gpu: 'a=b' })
  expect(options.roots).toEqual(['/a', '/b'])
  expect([...options.credentials]).toEqual([['ONE', null], ['TWO', ['api.example', '*.example']]])
})

test.each([
  [{ AGENTICOS_EXECUTOR_CAPACITY: 'many' }, 'AGENTICOS_EXECUTOR_CAPACITY: write a whole number'],
  [{ AGENTICOS_EXECUTOR_CAPACITY: '0' }, 'AGENTICOS_EXECUTOR_CAPACITY: '],
  [{ AGENTICOS_EXECUTOR_NAME: 'Big Name' }, 'AGENTICOS_EXECUTOR_NAME: an executor name is lower-case letters'],
  [{ AGENTICOS_EXECUTOR_LABEL: 'zone=home' }, 'AGENTICOS_EXECUTOR_LABEL is no setting of an executor; did you mean AGENTICOS_EXECUTOR_LABELS?'],
  [{ AGENTICOS_EGRESS: 'x' }, 'AGENTICOS_EGRESS is no setting of an executor'],
  [{ AGENTICOS_EXECUTOR_LABELS: 'zone' }, 'AGENTICOS_EXECUTOR_LABELS: label "zone" is not name=value'],
  [{ AGENTICOS_CREDENTIALS: 'AGENTICOS_EXECUTOR_TOKEN' }, 'AGENTICOS_CREDENTIALS: AGENTICOS_EXECUTOR_TOKEN is a setting of the executor, never a credential'],
  [{ AGENTICOS_CREDENTIALS: 'a-b' }, 'AGENTICOS_CREDENTIALS: "a-b" is not VARIABLE or VARIABLE@host|host'],
  [{ AGENTICOS_EGRESS_ALLOW: 'a/b' }, 'AGENTICOS_EGRESS_ALLOW: "a/b" is neither host, address nor range'],
  [{ AGENTICOS_EGRESS_ALLOW: '10.0.0.0/99' }, 'AGENTICOS_EGRESS_ALLOW: "10.0.0.0/99" has a prefix longer than the address'],
  [{ AGENTICOS_EGRESS_ALLOW: 'host.example/8' }, 'AGENTICOS_EGRESS_ALLOW: "host.example/8" has a prefix length but no address'],
  [{ AGENTICOS_URL: 'ftp://x' }, 'AGENTICOS_URL: write the address of the controller'],
  [{ AGENTICOS_URL: '' }, 'AGENTICOS_URL: write the address of the controller'],
])('with %j it is refused by name', (settings, message) => {
  expect(() => readConfig({ ...URL, ...settings })).toThrow(message)
})

test('a flag wins over its variable, and those of lists may come several times', () => {
  const options = readConfig({ ...URL, AGENTICOS_EXECUTOR_NAME: 'from-env' }, ['--name', 'from-flag', '--label', 'zone=home', '--label=gpu=yes', '--root', '/a', '--root', '/b', '--capacity', '3'])
  expect(options).toMatchObject({ name: 'from-flag', labels: { zone: 'home', gpu: 'yes' }, roots: ['/a', '/b'], capacity: 3 })
})

test.each([
  [['--nmae', 'x'], '--nmae is no setting of an executor; did you mean --name?'],
  [['--name'], '--name has no value'],
  [['--name', 'a', '--name', 'b'], '--name comes twice'],
  [['--capacity', '-1'], '--capacity: write a whole number'],
  [['extra'], 'extra is no setting of an executor; those are: --url, '],
])('%j is refused', (args, message) => {
  expect(() => readConfig(URL, args)).toThrow(message)
})
