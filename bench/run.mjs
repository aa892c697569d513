// node bench/run.mjs [drain latency effects agents tools talk reconcile flat soak]: all parts side by side on one server with fsync on; min / median / max of the repetitions.
import { existsSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'

const here = new URL('.', import.meta.url).pathname
if (!existsSync(`${here}node_modules`)) spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: here, stdio: 'inherit' })
const { startServer } = await import('./postgres.mjs')
const drain = await import('./drain.mjs')
const latency = await import('./latency.mjs')
const work = await import('./work.mjs')
const agents = await import('./agents.mjs')
const peers = await import('./agent-peers.mjs')
const { toolCalls } = await import('./tools.mjs')
const { startModel } = await import('./model.mjs')
const { form, median, quantile, spread } = await import('./stats.mjs')

const REPEATS = Number(process.env.BENCH_REPEATS ?? 3)
const server = await startServer()
const report = {}
const say = (text) => process.stdout.write(`${text}\n`)

/** Runs cases in turn, round by round, so that a drift of the machine spreads over all. */
async function rounds(title, unit, cases) {
  say(`\n${title} (${unit}; min / median / max of ${REPEATS})`)
  const results = new Map(Object.keys(cases).map((name) => [name, []]))
  for (let round = 0; round < REPEATS; round++) for (const [name, run] of Object.entries(cases)) results.get(name).push(await run())
  for (const [name, measured] of results) {
    const values = measured.map((one) => one.rate ?? one)
    const cpu = measured[0].cpu === undefined ? undefined : median(measured.map((one) => one.cpu))
    say(`  ${name.padEnd(60)} ${spread(values)}${cpu === undefined ? '' : `   ${form(cpu)} ms of processor each`}`)
    report[title] = { ...report[title], [name]: { min: Math.min(...values), median: median(values), max: Math.max(...values), ...(cpu === undefined ? {} : { cpu }) } }
  }
  return results
}

const PARTS = {
  async drain() {
    await rounds('One hop, 20,000 tokens', 'firings or jobs a second', {
      'raw SQL, set-based, one event a row': () => drain.drainRaw(server, 20_000),
      'AgenticNetsOS pass': () => drain.drainOurs(server, 20_000, 1, 'pass'),
      'AgenticNetsOS map': () => drain.drainOurs(server, 20_000, 1, 'map'),
      'AgenticNetsOS map, two sessions': () => drain.drainOurs(server, 20_000, 1, 'map', 2),
      'graphile-worker 0.17.3 batched': () => drain.drainGraphile(server, 20_000, true),
      'graphile-worker 0.17.3 default': () => drain.drainGraphile(server, 2_000, false),
      'pg-boss 12.35.0, 4 loops of 500': () => drain.drainBoss(server, 20_000),
    })
    await rounds('One hop, 200,000 tokens', 'firings or jobs a second', {
      'AgenticNetsOS map': () => drain.drainOurs(server, 200_000, 1, 'map'),
      'AgenticNetsOS map, two sessions': () => drain.drainOurs(server, 200_000, 1, 'map', 2),
      'graphile-worker 0.17.3 batched': () => drain.drainGraphile(server, 200_000, true),
    })
    await rounds('Five hops, 40,000 tokens (a job queue needs five jobs for each)', 'firings or jobs a second', {
      'AgenticNetsOS map': () => drain.drainOurs(server, 40_000, 5, 'map'),
      'graphile-worker 0.17.3 batched': () => drain.drainGraphile(server, 100_000, true),
    })
  },
  async latency() {
    say('\nLatency (milliseconds: p50 / p95 / p99)')
    const three = (times) => `${form(quantile(times, 0.5))} / ${form(quantile(times, 0.95))} / ${form(quantile(times, 0.99))}`
    const cases = {
      'write and fsync of one page on this disk': () => latency.fsyncTimes(server.dir, 1_000),
      'AgenticNetsOS, put committed to firing committed, idle': () => latency.latencyOurs(server, 1_000, 0),
      'AgenticNetsOS, beside 2,000 tokens a second': () => latency.latencyOurs(server, 1_000, 2_000),
      'graphile-worker, add_job to handler begun, idle': () => latency.latencyGraphile(server, 1_000),
    }
    report.latency = {}
    for (const [name, run] of Object.entries(cases)) {
      const times = await run()
      say(`  ${name.padEnd(56)} ${three(times)}`)
      report.latency[name] = { p50: quantile(times, 0.5), p95: quantile(times, 0.95), p99: quantile(times, 0.99) }
    }
  },
  async effects() {
    await rounds('Effects through one executor', 'effects a second', {
      'http to a loopback server, 256 at once': () => work.effects(server, 5_000, 'http'),
      'command (a process each), 256 at once': () => work.effects(server, 500, 'command'),
    })
  },
  async agents() {
    const model = await startModel()
    say(`\nOur own time between two model calls of one agent, with a tool call each, the model instant (milliseconds: p50 / p95 / p99)`)
    const times = await agents.ownTimes(server, model, REPEATS)
    report.own = {}
    for (const [name, list] of [['all turns', times.all], ['turns 1 to 20', times.first], ['turns 160 to 180', times.last]]) {
      report.own[name] = { p50: quantile(list, 0.5), p95: quantile(list, 0.95), p99: quantile(list, 0.99) }
      say(`  ${name.padEnd(44)} ${Object.values(report.own[name]).map(form).join(' / ')}`)
    }
    const size = Number(process.env.BENCH_RUNS ?? 3_000)
    await rounds('Runs of one step', 'runs a second', {
      'AgenticNetsOS llm, one model call': () => agents.runs(server, model, 0, size),
      'AgenticNetsOS agent, one model call and DONE': () => agents.runs(server, model, 1, size),
      'DBOS 5.3.0, a step that returns': () => peers.dbos(server, 1, size / 2),
      'DBOS 5.3.0, a step that calls the model': () => peers.dbos(server, 1, size / 2, model),
    })
    await rounds('Runs of three steps', 'runs a second', {
      'AgenticNetsOS agent, three model calls, two tools and DONE': () => agents.runs(server, model, 3, size / 2),
      'DBOS 5.3.0, steps that return': () => peers.dbos(server, 3, size / 2),
      'DBOS 5.3.0, steps that call the model': () => peers.dbos(server, 3, size / 2, model),
      'LangGraph 1.7.3, nodes that return': () => peers.langgraph(server, size / 4),
      'LangGraph 1.7.3, nodes that call the model': () => peers.langgraph(server, size / 4, model),
    })
    await model.stop()
  },
  async tools() {
    const calls = Number(process.env.BENCH_CALLS ?? 5_000)
    await rounds('Tool calls through one API, 32 connections', 'calls a second', {
      'QUERY_TOKENS, 20 of 1,000 tokens by ArcQL': () => toolCalls(server, 'QUERY_TOKENS', calls, 32),
      'CREATE_TOKEN, decided and durable': () => toolCalls(server, 'CREATE_TOKEN', calls, 32),
    })
  },
  async talk() {
    const model = await startModel()
    say('\nThe same turn with the coordinator, in conversations of 3 turns and in one of 300 (a turn: KB sent to the controller, processor ms, wall ms)')
    report.talk = {}
    const shown = (looks) => {
      const mean = (key) => looks.reduce((sum, look) => sum + look[key], 0) / looks.length
      return { kb: mean('bytes') / 1024, cpu: mean('cpu'), ms: median(looks.map((look) => look.ms)) }
    }
    const short = await agents.conversation(server, model, 150, 3)
    const long = await agents.conversation(server, model, 300, 300)
    const cases = { 'conversations of 3, all turns after the first 60': short.slice(60), 'one of 300, turns 61 to 140': long.slice(60, 140), 'one of 300, turns 221 to 300': long.slice(220) }
    for (const [name, looks] of Object.entries(cases)) {
      report.talk[name] = shown(looks)
      say(`  ${name.padEnd(52)} ${Object.values(report.talk[name]).map(form).join(' / ')}`)
    }
    await model.stop()
  },
  async reconcile() {
    say('\nReconcile (seconds: cold, one net changed, nothing changed)')
    report.reconcile = {}
    for (const nets of [1, 100, 1_000]) {
      const runs = []
      for (let round = 0; round < REPEATS; round++) runs.push(await work.reconcile(server, nets))
      for (const key of ['cold', 'one', 'none']) report.reconcile[`${nets} ${key}`] = median(runs.map((run) => run[key]))
      say(`  ${String(nets).padStart(5)} nets   ${['cold', 'one', 'none'].map((key) => spread(runs.map((run) => run[key]))).join('    ')}`)
    }
  },
  async flat() {
    say('\nThe same 20,000 firings beside others (firings a second, min / median / max of 3)')
    report.flat = {}
    const cases = [['10^4 tokens', { tokens: 10_000 }], ['10^5 tokens', { tokens: 100_000 }], ['10^6 tokens', { tokens: 1_000_000 }], ['10 nets', { nets: 10 }], ['100 nets', { nets: 100 }], ['1,000 nets', { nets: 1_000 }]]
    for (const [name, size] of cases) {
      const rates = await work.beside(server, size)
      report.flat[name] = { min: Math.min(...rates), median: median(rates), max: Math.max(...rates) }
      say(`  beside ${name.padEnd(14)} ${spread(rates)}`)
    }
  },
  async soak() {
    const seconds = Number(process.env.BENCH_SOAK ?? 60)
    say(`\nSoak: ${seconds} s at 2,000 tokens a second through three hops (heap MB, RSS MB, dead rows)`)
    report.soak = await work.soak(server, seconds, 2_000)
    for (const look of report.soak) say(`  heap ${look.mb} MB, RSS ${look.rss} MB; ${look.rows.map((row) => `${row.table} ${row.live} live ${row.dead} dead`).join(', ')}`)
  },
}

try {
  const asked = process.argv.slice(2)
  for (const [name, part] of Object.entries(PARTS)) if (asked.length === 0 || asked.includes(name)) await part()
  await writeFile(`${here}results.json`, `${JSON.stringify(report, null, 1)}\n`)
} finally {
  await server.stop()
}
process.exit(0)
