// Tool calls a second through one API over kept-alive connections, with an access token.
import { Agent, request } from 'undici'
import { value } from './drain.mjs'
import { timed } from './processor.mjs'
import { apply, put, until } from './river.mjs'
import { startWhole } from './whole.mjs'

const NET = `places:
  notes: {category: learning}
  inbox: {category: learning}
transitions:
  rest: {kind: pass, in: {x: unused}, out: {inbox: {}}}
`.replace('  inbox:', '  unused: {category: task}\n  inbox:')

export async function toolCalls(server, tool, count, atOnce, settings = {}) {
  const { url, db } = await server.ours()
  const whole = await startWhole(url, { AGENTICOS_ONLY: 'engine,dispatch,api', ...settings })
  await apply(db, 's', 'n', NET)
  await put(db, 's', 'n/notes', Array.from({ length: 1_000 }, (_, n) => value(n)))
  await until(() => db.query(`select count(*) = 1000 as done from runtime.tokens where place = 'n/notes'`).then(([row]) => row.done), 5)
  const agent = new Agent({ connections: atOnce })
  const input = (n) => (tool === 'CREATE_TOKEN' ? { place: 's/n/inbox', data: value(n) } : { place: 's/n/notes', arcql: `$.n > ${n % 900}`, limit: 20 })
  const call = async (n) => {
    const { statusCode, body } = await request(`${whole.url}/v1/tools/${tool}`, {
      method: 'POST', dispatcher: agent, headers: { 'content-type': 'application/json', authorization: `Bearer ${whole.token}` }, body: JSON.stringify(input(n)),
    })
    const text = await body.text()
    if (statusCode !== 200) throw new Error(`${tool}: ${statusCode} ${text}`)
  }
  const many = async (times) => {
    let next = 0
    await Promise.all(Array.from({ length: atOnce }, async () => { while (next < times) await call(next++) }))
  }
  await many(200)
  await db.query('checkpoint')
  const measured = await timed(await server.postgres(db), count, () => many(count))
  await agent.close()
  await whole.stop()
  await db.close()
  await server.drop(url)
  return measured
}
