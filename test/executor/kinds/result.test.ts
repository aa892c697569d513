import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../petri/json.js'
import { effectRequest } from '../../../petri/kinds/request.js'
import { resultSchema } from '../../../petri/kinds/result.js'
import { compileSchema } from '../../../petri/schema.js'
import { effectRequest as wire } from '../../../protocol/effect.js'
import { testBench } from '../../support/bench.js'

const server = createServer((request, response) => {
  if (request.url === '/json') response.setHeader('content-type', 'application/json')
  response.end(request.url === '/xml' ? '<a><b>1</b></a>' : '{"a": [1, null]}')
})
const port = await new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)))
afterAll(() => void server.close())
const { run } = await testBench({ AGENTICOS_EGRESS_ALLOW: `http://127.0.0.0/8:${port}` })

const http = (path: string, more: object = {}): JsonObject => ({ method: 'GET', url: `http://127.0.0.1:${port}${path}`, headers: {}, query: {}, expect: ['2xx'], maxBytes: 1000, ...more })
const command = (more: object): JsonObject => ({ env: {}, expect: [0, 1], maxBytes: 1000, ...more })

test.each([
  ['http', http('/json')],
  ['http', http('/text')],
  ['http', http('/json', { parse: 'json' })],
  ['http', http('/text', { parse: 'lines' })],
  ['http', http('/xml', { parse: 'xml' })],
  ['http', http('/text', { method: 'HEAD' })],
  ['command', command({ argv: ['false'] })],
  ['command', command({ argv: ['echo', '{"a": 1}'], parse: 'json' })],
  ['command', command({ argv: ['printf', 'a\nb\n'], parse: 'lines' })],
  ['command', command({ script: 'echo out; echo err >&2' })],
] as const)('what a real %s gives is what the checker expects: %j', async (kind, action) => {
  const transition = { kind, action, name: 't' } as never
  const outcome = await run(wire.parse(effectRequest(transition, () => undefined)) as never)
  expect(outcome.status, JSON.stringify(outcome)).toBe('done')
  const check = compileSchema(resultSchema(transition)!)
  expect(check.ok && check.value((outcome as unknown as { result: Json }).result)).toEqual([])
})
