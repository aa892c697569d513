import { test } from 'vitest'
import { readFileSync } from 'node:fs'
import { dispatchBed, TRUE } from '../support/dispatch-bed.js'
const bed = await dispatchBed()
test('plan', async () => {
  const N = 20000
  for (let s = 0; s < 20; s++) await bed.add(...Array.from({ length: N / 20 }, (_, i) => ({ session: `s${s}`, firing: i + 1, request: TRUE })))
  await bed.post('register', await bed.bootstrap(), { name: 'x', labels: {}, capacity: 10, kinds: ['command'], version: '1', protocol: 1, host: 'h', fresh: true })
  const [{ id }] = await bed.database.query<{ id: string }>(`select id from runtime.access_tokens where kind = 'executor'`) as any
  const text = (await import('../../controller/store/effects/lease.js')).TEXT
  for (let i = 0; i < 3; i++) {
    const rows = await bed.database.query<any>(`explain (analyze, costs on) ${text}`, ['x', id, '{}', ['command'], '00000000-0000-4000-8000-00000000000' + i, 32, 30000, ''])
    if (i === 2) console.log(rows.map((r) => r['QUERY PLAN']).join('\n'))
  }
}, 120000)
