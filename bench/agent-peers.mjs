// The same number of steps by peers: each step a function that returns, or one that asks the model of model.mjs first.
import { DBOS } from '@dbos-inc/dbos-sdk'
import { Annotation, END, START, StateGraph } from '@langchain/langgraph'
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres'
import pg from 'pg'
import { client } from './postgres.mjs'
import { postgresOf, timed } from './processor.mjs'

const text = (n) => `look at the tokens of the place notes and say what they have in common, case ${n}`
const step = (model) => (model === undefined ? async (n, at) => `ok ${n} ${at}` : async (n) => model.plain(text(n)))

/** Says which is the server's first process. */
async function checkpoint(url) {
  const connection = client(url)
  await connection.connect()
  await connection.query('checkpoint')
  const { rows: [{ pid }] } = await connection.query('select pg_backend_pid() as pid')
  const postgres = await postgresOf(pid)
  await connection.end()
  return postgres
}

/** `count` calls of `act`, so many at once. */
async function many(count, atOnce, act) {
  let next = 0
  await Promise.all(Array.from({ length: atOnce }, async () => { while (next < count) await act(next++) }))
}

/** Workflows a second of DBOS: so many steps each, 50 at once, a pool of 20. Workflows are registered once a process and ask for their step by name. */
const asked = { act: step() }
const workflows = new Map([1, 3].map((steps) => [steps, DBOS.registerWorkflow(async (n) => {
  let said = ''
  for (let at = 0; at < steps; at++) said = await DBOS.runStep(() => asked.act(n, at), { name: `step${at}` })
  return said
}, { name: `steps${steps}` })]))

export async function dbos(server, steps, count, model) {
  const url = await server.fresh()
  const pool = new pg.Pool({ connectionString: url, max: 20 })
  pool.on('error', () => {})
  asked.act = step(model)
  DBOS.setConfig({ name: 'bench', systemDatabaseUrl: url, systemDatabasePool: pool, logLevel: 'error' })
  await DBOS.launch()
  const one = async (n) => (await DBOS.startWorkflow(workflows.get(steps))(n)).getResult()
  await many(50, 50, one)
  const measured = await timed(await checkpoint(url), count, () => many(count, 50, one))
  await DBOS.shutdown()
  await pool.end().catch(() => {})
  await server.drop(url)
  return measured
}

/** Runs a second of a LangGraph of three nodes with its Postgres saver, 20 at once, durability as it comes. */
export async function langgraph(server, count, model) {
  const url = await server.fresh()
  const pool = new pg.Pool({ connectionString: url, max: 20 })
  pool.on('error', () => {})
  const saver = new PostgresSaver(pool)
  await saver.setup()
  const act = step(model)
  const State = Annotation.Root({ n: Annotation(), said: Annotation({ reducer: (all, more) => [...all, ...more], default: () => [] }) })
  const node = (at) => async ({ n }) => ({ said: [await act(n, at)] })
  const graph = new StateGraph(State).addNode('a', node(0)).addNode('b', node(1)).addNode('c', node(2))
    .addEdge(START, 'a').addEdge('a', 'b').addEdge('b', 'c').addEdge('c', END).compile({ checkpointer: saver })
  const one = async (n) => {
    const { said } = await graph.invoke({ n }, { configurable: { thread_id: `t${n}` } })
    if (said.length !== 3) throw new Error(`a run ended with ${said.length} answers`)
  }
  await many(20, 20, (n) => one(-1 - n))
  const measured = await timed(await checkpoint(url), count, () => many(count, 20, one))
  await pool.end()
  await server.drop(url)
  return measured
}
