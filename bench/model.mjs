// A model that answers at once, over the OpenAI wire, as a process of its own. What it says is the name of the model:
//   text       "ok"                       json      {"ok": true} in the text
//   steps-N    N answers: QUERY_TOKENS (of other parameters each time) until the last, which is DONE
// It keeps, for each firing, the time from the last byte of its answer to the next request: what the caller did meanwhile.
import { fork } from 'node:child_process'
import { createServer } from 'node:http'
import { Agent, request } from 'undici'

const CHUNK = { id: 'chatcmpl-bench', created: 1_760_000_000, object: 'chat.completion.chunk', model: 'bench' }
const event = (value) => `data: ${JSON.stringify({ ...CHUNK, ...value })}\n\n`
const piece = (delta, finish = null) => event({ choices: [{ index: 0, delta, finish_reason: finish }] })
const USAGE = { prompt_tokens: 500, completion_tokens: 20, total_tokens: 520, prompt_tokens_details: { cached_tokens: 0 } }
const streamed = (pieces, stop) => Buffer.from(`${pieces}${piece({}, stop)}${event({ choices: [], usage: USAGE })}data: [DONE]\n\n`)
const said = (text) => streamed(piece({ role: 'assistant', content: text }), 'stop')
const called = (name, input, turn) => streamed(piece({ tool_calls: [{ index: 0, id: `call_${turn}`, type: 'function', function: { name, arguments: JSON.stringify(input) } }] }), 'tool_calls')

function answer(name, body, turns) {
  const [kind, steps] = name.split('-')
  if (kind === 'text') return said('ok')
  if (kind === 'talk') return called('DONE', { summary: 'answered', result: { text: `answer ${body.length % 97}: all three nets run, none is stopped, and nothing waits for a person.`.repeat(3), notes: 'asks how the nets do' } }, turns)
  if (turns + 1 < Number(steps)) return called('QUERY_TOKENS', { place: 'n/notes', arcql: `$.n >= ${turns % 17}`, limit: 1 + (turns % 3) }, turns)
  return called('DONE', { summary: 'done' }, turns)
}

/** How many answers a request has behind it, without reading its JSON. */
function count(body, mark) {
  let found = 0
  for (let at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, at + mark.length)) found += 1
  return found
}

function serve() {
  const left = new Map()
  let gaps = []
  const server = createServer((message, response) => {
    if (message.url === '/gaps') {
      response.end(JSON.stringify(gaps))
      gaps = []
      left.clear()
      return
    }
    const came = performance.now()
    const firing = message.headers['idempotency-key']?.split('/').slice(0, 2).join('/')
    const before = firing === undefined ? undefined : left.get(firing)
    if (before !== undefined) gaps.push(came - before)
    const chunks = []
    message.on('data', (chunk) => chunks.push(chunk))
    message.on('end', () => {
      const body = Buffer.concat(chunks)
      const name = /"model":"([^"]+)"/.exec(body.subarray(0, 200).toString('latin1'))[1]
      if (message.url === '/plain') return response.end(JSON.stringify({ choices: [{ message: { role: 'assistant', content: 'ok' }, finish_reason: 'stop' }], usage: USAGE }))
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end(answer(name, body, count(body, '"role":"assistant"')), () => firing !== undefined && left.set(firing, performance.now()))
    })
  })
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1', () => process.send(server.address().port))
}

/** Starts it; `gaps` takes what it measured since the last time. */
export async function startModel() {
  const child = fork(new URL(import.meta.url).pathname, ['serve'])
  const port = await new Promise((resolve) => child.once('message', resolve))
  const url = `http://127.0.0.1:${port}`
  const agent = new Agent({ connections: 64 })
  return {
    url, pid: child.pid,
    gaps: async () => (await request(`${url}/gaps`, { dispatcher: agent })).body.json(),
    /** one call as a peer's step makes it */
    async plain(text) {
      const { body } = await request(`${url}/plain`, { method: 'POST', dispatcher: agent, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ model: 'text', messages: [{ role: 'user', content: text }] }) })
      return (await body.json()).choices[0].message.content
    },
    async stop() {
      await agent.close()
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
    },
  }
}

if (process.argv[2] === 'serve') serve()
