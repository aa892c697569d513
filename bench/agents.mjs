// Agents on a whole controller: our own time between two model calls, runs a second, a long run, a long conversation.
import { createServer, connect } from 'node:net'
import { readFile } from 'node:fs/promises'
import { issueBootstrap } from '../dist/controller/dispatch/register.js'
import { writeSettings } from '../dist/controller/store/settings/write.js'
import { readModels } from '../dist/petri/models-read.js'
import { processor, timed } from './processor.mjs'
import { apply, put, until } from './river.mjs'
import { startExecutor, startWhole } from './whole.mjs'

/** Puts the models that model.mjs plays where reconcile would; with a price, so that every call moves money. */
async function models(db, model, names) {
  const text = `apiVersion: agenticos.dev/v1\nkind: Models\nmodels:\n${names.map((name) => `  ${name}: {provider: openai, url: '${model.url}/v1', model: ${name}, context: 1000000, price: {input: 1, output: 2}}\n`).join('')}`
  const { models: read, findings } = readModels('models.yaml', text)
  if (read === undefined) throw new Error(JSON.stringify(findings, null, 1))
  await writeSettings(db, { commit: 'bench', models: read, policy: { approvals: [], agents: [], budgets: [] } })
}

const agentNet = (steps, concurrency) => `places:
  tasks: {category: task}
  notes: {category: learning}
  results: {category: task}
transitions:
  work:
    kind: agent
    in: {task: tasks}
    do: {prompt: 'Do this: \${task.text}', model: steps-${steps}, role: r, maxIterations: 200}
    budget: {usd: 1, per: firing}
    concurrency: ${concurrency}
    out: {results: {}}
`
const llmNet = (concurrency) => `places:
  tasks: {category: task}
  results: {category: task}
transitions:
  work:
    kind: llm
    in: {task: tasks}
    do: {prompt: 'Answer this: \${task.text}', model: text}
    budget: {usd: 1, per: firing}
    concurrency: ${concurrency}
    out: {results: {}}
`
const task = (n) => ({ n, text: `look at the tokens of the place notes and say what they have in common, case ${n}` })

async function bed(server, model, net, settings) {
  const { url, db } = await server.ours()
  await models(db, model, ['text', 'steps-1', 'steps-3', 'steps-180', 'talk'])
  const whole = await startWhole(url, settings)
  await apply(db, 's', 'n', net)
  await until(() => db.query('select bool_and(adopted = generation) as ready from runtime.sessions').then(([row]) => row.ready), 5)
  return {
    url, db, whole,
    async stop() {
      await whole.stop()
      await db.close()
      await server.drop(url)
    },
  }
}

async function results(db, count) {
  const [{ failed }] = await db.query(`select count(*) as failed from runtime.tokens where place = 'n/_failed'`)
  if (failed > 0) throw new Error(`${failed} runs failed: ${JSON.stringify((await db.query(`select data -> 'error' as e from runtime.tokens where place = 'n/_failed' limit 1`))[0])}`)
  const [{ done }] = await db.query(`select count(*) as done from runtime.tokens where place = 'n/results'`)
  return done >= count
}

/** Runs a second: `steps` 0 is an llm transition, else an agent of so many model calls, each but the last with a tool call. */
export async function runs(server, model, steps, count, settings = {}) {
  const { db, stop } = await bed(server, model, steps === 0 ? llmNet(256) : agentNet(steps, 256), settings)
  if (steps > 1) await put(db, 's', 'n/notes', Array.from({ length: 20 }, (_, n) => task(n)))
  await put(db, 's', 'n/tasks', Array.from({ length: 20 }, (_, n) => task(n)))
  await until(() => results(db, 20), 10)
  await db.query('checkpoint')
  const measured = await timed(await server.postgres(db), count, async () => {
    await put(db, 's', 'n/tasks', Array.from({ length: count }, (_, n) => task(n)))
    await until(() => results(db, 20 + count), 50)
  })
  await stop()
  return measured
}

/** Milliseconds from the end of a model's answer to the next request, one agent at a time: record, tool call, grant. Three lists: all, of the first 20 turns, of the last 20 of 180. */
export async function ownTimes(server, model, agents, settings = {}) {
  const { db, stop } = await bed(server, model, agentNet(180, 1), settings)
  await put(db, 's', 'n/notes', Array.from({ length: 20 }, (_, n) => task(n)))
  const [all, first, last] = [[], [], []]
  for (let n = 0; n <= agents; n++) {
    await put(db, 's', 'n/tasks', [task(n)])
    await until(() => results(db, n + 1), 50)
    const gaps = await model.gaps()
    if (n === 0) continue
    all.push(...gaps)
    first.push(...gaps.slice(0, 20))
    last.push(...gaps.slice(-20))
  }
  await stop()
  return { all, first, last }
}

/** A conversation with the coordinator of so many turns, one after the other: of its turns, by tens, bytes sent to the controller, processor milliseconds of all our processes and Postgres, wall milliseconds. */
export async function conversation(server, model, turns, size) {
  const { url, db } = await server.ours()
  await models(db, model, ['talk'])
  const text = (await readFile(new URL('../nets/system/coordinator/coordinator.yaml', import.meta.url), 'utf8')).replace(/^[^]*?(?=^params:)/m, '')
  const whole = await startWhole(url, { AGENTICOS_ONLY: 'engine,dispatch,api' })
  const meter = await startMeter(Number(new URL(whole.url).port))
  const executor = await startExecutor(meter.url, await issueBootstrap(db, 'bench', 300_000))
  await apply(db, 'system', 'coordinator', text)
  const postgres = await server.postgres(db)
  const looks = []
  for (let conversation = 0; conversation < Math.ceil(turns / size); conversation++) {
    for (let turn = 0; turn < size && looks.length < turns; turn++) {
      const before = { bytes: meter.sent, cpu: await processor(whole.pid, executor.pid, postgres), at: performance.now() }
      const key = `c${conversation}`
      const body = JSON.stringify({ place: 'coordinator/requests', tokens: [{ data: { text: `Which nets are there, is any of them stopped, and what do they wait for? (${String(turn).padStart(4, '0')})`, conversation: key, model: 'talk' }, correlationId: key }], by: 'bench' })
      await db.query('insert into runtime.inbox (session, kind, key, body) values ($1, $2, $3, $4)', ['system', 'put', `${key}-${turn}`, body])
      db.notify('inbox', 'system')
      await until(() => db.query(`select count(*) as replies from runtime.tokens where place = 'coordinator/replies'`).then(([row]) => row.replies > looks.length), 3)
      looks.push({ bytes: meter.sent - before.bytes, cpu: await processor(whole.pid, executor.pid, postgres) - before.cpu, ms: performance.now() - before.at })
    }
  }
  const [reply] = await db.query(`select data from runtime.tokens where place = 'coordinator/replies' order by id desc limit 1`)
  if (reply.data.text === undefined) throw new Error(`the turn failed: ${JSON.stringify(reply.data)}`)
  await executor.stop()
  meter.close()
  await whole.stop()
  await db.close()
  await server.drop(url)
  return looks
}

/** A proxy that counts what is sent through it. */
async function startMeter(port) {
  const meter = { sent: 0, url: '', close: () => server.close() }
  const server = createServer((client) => {
    const target = connect(port, '127.0.0.1')
    client.setNoDelay(true)
    target.setNoDelay(true)
    client.on('data', (chunk) => { meter.sent += chunk.length })
    client.pipe(target).pipe(client)
    for (const [one, other] of [[client, target], [target, client]]) {
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  meter.url = `http://127.0.0.1:${server.address().port}`
  return meter
}
