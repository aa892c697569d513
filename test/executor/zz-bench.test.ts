import { createServer } from 'node:http'
import { test } from 'vitest'
import { Session } from 'node:inspector/promises'
import { dispatchBed } from '../support/dispatch-bed.js'
const bed = await dispatchBed()
test('speed', async () => {
  const server = createServer((_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}'))
  const port: number = await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as any).port)))
  const request: any = { kind: 'http', method: 'GET', url: `http://127.0.0.1:${port}/`, headers: {}, query: [], expect: ['2xx'], maxBytes: 65536 }
  const N = 20000
  const stat = new Map<string, [number, number, number]>()
  const q = bed.database.query.bind(bed.database)
  ;(bed.database as any).query = async (t: string, v: any, name: string) => { const f = performance.now(); const r = await q(t, v, name); const e = stat.get(name) ?? [0, 0, 0]; e[0]++; e[1] += performance.now() - f; e[2] += r.length; stat.set(name, e); return r }
  for (let s = 0; s < 20; s++) await bed.add(...Array.from({ length: N / 20 }, (_, i) => ({ session: `s${s}`, firing: i + 1, request })))
  for (const cap of ['256']) {
    await bed.database.query(`truncate runtime.inbox`)
    await bed.database.query(`update runtime.effects set state = 'pending', lease = null, executor = null, outcome_hash = null`)
    const ins = new Session(); ins.connect(); await ins.post('Profiler.enable'); await ins.post('Profiler.start')
    const from = performance.now(); stat.clear(); const cpu = process.cpuUsage()
    const x = await bed.executor({ AGENTICOS_EXECUTOR_CAPACITY: cap, AGENTICOS_EGRESS_ALLOW: 'http://127.0.0.1' })
    for (;;) {
      const [{ n }] = await bed.database.query<{ n: number }>('select count(*) as n from runtime.inbox') as any
      if (n >= N) break
      await new Promise((r) => setTimeout(r, 100))
    }
    console.log('capacity', cap, Math.round(N / (performance.now() - from) * 1000), 'effects/s')
    console.log(process.cpuUsage(cpu).user / 1000, process.cpuUsage(cpu).system / 1000, [...stat].map(([n, [c, ms, r]]) => `${n}: ${c}x ${(ms / c).toFixed(1)}ms rows ${r}`).join('; '))
    const { profile } = await ins.post('Profiler.stop') as any
    const self = new Map<string, number>()
    const dt = profile.timeDeltas; const byId = new Map(profile.nodes.map((n: any) => [n.id, n]))
    profile.samples.forEach((id: number, i: number) => { const n: any = byId.get(id); const k = n.callFrame.functionName + ' ' + n.callFrame.url.split('/').slice(-3).join('/') + ':' + n.callFrame.lineNumber; self.set(k, (self.get(k) ?? 0) + dt[i] / 1000) })
    console.log([...self].sort((a, b) => b[1] - a[1]).slice(0, 45).map(([k, v]) => v.toFixed(0) + ' ' + k).join('\n'))
    await x.stop()
  }
}, 120000)
