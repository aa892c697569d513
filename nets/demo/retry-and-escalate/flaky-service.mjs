// A service that takes orders and fails on purpose, for the demonstration beside it. Plain Node, nothing is kept.
//   node nets/demo/retry-and-escalate/flaky-service.mjs [--port 7499]
// POST /orders/<id>: 201 with a number. What the id begins with says how it fails first:
//   flaky-N-...  answers 503 N times, then takes it        slow-...  never answers (the caller's time-out ends it)
//   bad-...      422, for good                             down-...  503, until POST /repair was called
import { createServer } from 'node:http'

const asked = process.argv.indexOf('--port')
const port = asked === -1 ? 7499 : Number(process.argv[asked + 1])
const tries = new Map()
const numbers = new Map()
let repaired = false

const server = createServer((request, response) => {
  const answer = (status, body, headers = {}) => {
    console.log(`${request.method} ${request.url} ${status}${request.headers['idempotency-key'] ? `  key ${request.headers['idempotency-key']}` : ''}`)
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  }
  request.resume().on('end', () => {
    if (request.url === '/repair') {
      repaired = request.method === 'POST'
      return answer(200, { repaired })
    }
    const id = /^\/orders\/([A-Za-z0-9-]+)$/.exec(request.url)?.[1]
    if (id === undefined || request.method !== 'POST') return answer(404, { why: 'POST /orders/<id> is all there is' })
    const tried = (tries.get(id) ?? 0) + 1
    tries.set(id, tried)
    if (id.startsWith('bad-')) return answer(422, { why: 'no such item' })
    if (id.startsWith('down-') && !repaired) return answer(503, { why: 'out of order' })
    if (id.startsWith('slow-') && !repaired) return console.log(`POST ${request.url} is left without an answer`)
    if (tried <= Number(/^flaky-(\d+)-/.exec(id)?.[1] ?? 0)) return answer(503, { why: `not now, try ${tried}` }, { 'retry-after': '1' })
    // The same order twice is the same order: an answer that was lost on the way costs nothing.
    if (!numbers.has(id)) numbers.set(id, 1000 + numbers.size)
    answer(201, { number: numbers.get(id), tries: tried })
  })
})
server.listen(port, '127.0.0.1', () => console.log(`the flaky service listens at http://127.0.0.1:${server.address().port}`))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0))
