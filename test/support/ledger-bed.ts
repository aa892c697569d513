import { randomUUID } from 'node:crypto'
import type { Model } from '../../petri/models.js'
import type { Budget } from '../../petri/net.js'
import type { Policy } from '../../petri/policy.js'
import type { AgentRequest, LeasedEffect } from '../../protocol/effect.js'
import type { Outcome } from '../../protocol/effect.js'
import { OPEN_POLICY } from '../../petri/policy.js'
import { dispatchBed, type Bed } from './dispatch-bed.js'

export interface Registered { readonly name: string, readonly token: string }

export interface Call {
  readonly call?: number
  readonly model?: string
  readonly most?: { readonly input: number, readonly output: number }
}

export interface LedgerBed extends Bed {
  registered(): Promise<Registered>
  /** leases what there is for an executor */
  leased(who: Registered, slots?: number): Promise<LeasedEffect[]>
  grant(who: Registered, ...calls: (Call & { readonly of: LeasedEffect })[]): Promise<any[]>
  record(who: Registered, ...calls: (Call & { readonly of: LeasedEffect, readonly usage: { input: number, cached: number, output: number }, readonly text?: string })[]): Promise<any[]>
  settle(who: Registered, of: LeasedEffect, outcome?: Outcome): Promise<string>
  /** what models.yaml and policy.yaml say */
  settings(models: readonly Partial<Model>[], policy?: Partial<Policy>): Promise<void>
  /** the budgets that a session, its net `net` and transition `work` have */
  budgets(session: string, budgets: { readonly session?: Budget, readonly net?: Budget, readonly transition?: Budget }): Promise<void>
  money(scope: string): Promise<{ period: string, most: number, spent: number, reserved: number } | undefined>
  notes(session?: string): Promise<any[]>
}

/** 1 micro-dollar an input token, 2 an output token. */
export const PRICED = { name: 'priced', price: { input: 1_000_000, cached: 500_000, output: 2_000_000 } }

export const AGENT: AgentRequest = { kind: 'agent', prompt: 'do it', role: 'rwxhl', maxIterations: 20, inputs: [], writes: [] }

/** Dispatch with what grants and records need, driven over its routes as executors drive it. */
export async function ledgerBed(timing: Parameters<typeof dispatchBed>[0] = {}): Promise<LedgerBed> {
  const bed = await dispatchBed(timing)
  let count = 0
  const must = async (path: string, who: Registered, body: unknown): Promise<any> => {
    const { status, json } = await bed.post(path, who.token, body)
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(json)}`)
    return json
  }
  const refOf = ({ session, firing, attempt, lease }: LeasedEffect) => ({ session, firing, attempt, lease })
  return Object.assign(bed, {
    async registered() {
      const name = `ledger-${++count}`
      const { json } = await bed.post('register', await bed.bootstrap(), { name, labels: {}, capacity: 1000, kinds: ['llm', 'agent'], version: '1', protocol: 1, host: 'here', fresh: true })
      return { name, token: json.token as string }
    },
    leased: async (who: Registered, slots = 1000) => (await must('lease', who, { poll: randomUUID(), abandoned: [], slots, waitMs: 0 })).effects,
    grant: async (who: Registered, ...calls: (Call & { of: LeasedEffect })[]) => (await must('grant', who, {
      calls: calls.map(({ of, call = 1, model = 'priced', most = { input: 100, output: 50 } }) => ({ ...refOf(of), call, model, most })),
    })).verdicts,
    record: async (who: Registered, ...calls: (Call & { of: LeasedEffect, usage: object, text?: string })[]) => (await must('record', who, {
      calls: calls.map(({ of, call = 1, model = 'priced', usage, text = 'so be it' }) => ({
        ...refOf(of), call, model, sent: [{ role: 'user', text: 'do it' }], answer: { text, calls: [], stop: 'end', usage }, usage, durationMs: 7, purpose: 'step',
      })),
    })).verdicts,
    settle: async (who: Registered, of: LeasedEffect, outcome: Outcome = { status: 'done', result: {} }) => (await must('settle', who, { outcomes: [{ ...refOf(of), outcome }] })).verdicts[0].verdict,
    async settings(models: readonly Partial<Model>[], policy: Partial<Policy> = {}) {
      const whole = models.map((model) => ({ provider: 'openai', url: 'http://127.0.0.1:1/v1', model: 'm', context: 8192, maxOutput: 2048, capabilities: [], fallback: [], timeout: 1000, ...PRICED, ...model }))
      await bed.database.query(`update design.settings set models = $1, policy = $2, commit = commit || 'x'`, [
        JSON.stringify({ tiers: {}, default: whole[0]?.name, models: Object.fromEntries(whole.map((model) => [model.name, model])) }), JSON.stringify({ ...OPEN_POLICY, ...policy })])
      bed.dispatch.designs.forget()
    },
    async budgets(session: string, { session: ofSession, net, transition }: { session?: Budget, net?: Budget, transition?: Budget }) {
      const definition = { name: 'net', places: {}, transitions: { work: { name: 'work', ...(transition ? { budget: transition } : {}) } }, ...(net ? { budget: net } : {}) }
      await bed.database.query('insert into runtime.sessions (session) values ($1) on conflict do nothing', [session])
      const [{ generation }] = await bed.database.query<{ generation: number }>('update runtime.sessions set generation = generation + 1 where session = $1 returning generation', [session]) as [{ generation: number }]
      await bed.database.query(`insert into design.nets (session, net, identity, path, blob, definition) values ($1, 'net', $2, '', '', $3)`, [session, `i${generation}`, JSON.stringify(definition)])
      await bed.database.query(`insert into design.generations (session, generation, commit, config, nets) values ($1, $2, 'c', $3, $4)`,
        [session, generation, JSON.stringify({ session, ...(ofSession ? { budget: ofSession } : {}) }), JSON.stringify({ net: `i${generation}` })])
      bed.dispatch.designs.forget()
    },
    async money(scope: string) {
      const [row] = await bed.database.query<{ period: string, most: number, spent: number, reserved: number }>('select period, most, spent, reserved from runtime.budgets where scope = $1', [scope])
      return row
    },
    async notes(session = 'demo') {
      const rows = await bed.database.query<{ body: string }>(`select body from runtime.inbox where kind = 'note' and session = $1 order by id`, [session])
      return rows.flatMap(({ body }) => JSON.parse(body).notes)
    },
  })
}
