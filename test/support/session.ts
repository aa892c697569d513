import { readFile } from '../../petri/read.js'
import { checkRepository } from '../../petri/doctor/check.js'
import type { Json } from '../../petri/json.js'
import type { Net } from '../../petri/net.js'
import type { InboxBody, InboxKind, PutVerdict } from '../../protocol/inbox.js'
import { startEngine } from '../../controller/engine/engine.js'
import { createLog } from '../../controller/log.js'
import type { Database } from '../../controller/store/database.js'
import { insertGenerations } from '../../controller/store/generations/insert.js'
import { pointSessions } from '../../controller/store/generations/point.js'
import { insertInbox } from '../../controller/store/inbox/insert.js'
import { writeNets } from '../../controller/store/nets/write.js'
import { expect, onTestFinished } from 'vitest'

const head = (kind: string, name: string) => `apiVersion: agenticos.dev/v1\nkind: ${kind}\nmetadata: {name: ${name}}\n`

/** A session under test: nets applied as reconcile applies them, puts through the inbox, an engine in this process. */
export class TestSession {
  readonly db: Database
  readonly session: string
  #generation = 0
  #keys = 0

  constructor(db: Database, session = 'test') {
    this.db = db
    this.session = session
  }

  /** The nets as last applied. */
  nets: ReadonlyMap<string, Net> = new Map()

  /** Applies nets given without their first lines, and session.yaml likewise. Expects them to be free of errors. */
  async apply(nets: Record<string, string>, session = '', beside: Record<string, Record<string, string>> = {}): Promise<number> {
    const others = Object.entries(beside).flatMap(([folder, texts]) => Object.entries(texts).map(([name, text]) => readFile(`nets/${folder}/${name}.yaml`, head('Net', name) + text)))
    const drafts = Object.entries(nets).map(([name, text]) => readFile(`nets/${this.session}/${name}.yaml`, head('Net', name) + text))
    drafts.push(readFile(`nets/${this.session}/session.yaml`, head('Session', this.session) + session))
    const { sessions, findings } = checkRepository([...drafts, ...others])
    expect(findings.filter((finding) => finding.level === 'error')).toEqual([])
    const checked = sessions.get(this.session)!
    this.nets = checked.nets
    const generation = ++this.#generation
    const identity = `${generation}`
    await writeNets(this.db, [...checked.nets.values()].map((net) => ({ session: this.session, net: net.name, identity, path: '', blob: '', definition: net, findings: [] })))
    await this.db.transaction(async (tx) => {
      const row = { session: this.session, generation, commit: `commit-${generation}`, config: checked.config, nets: Object.fromEntries([...checked.nets.keys()].map((name) => [name, identity])) }
      await insertGenerations(tx, [row])
      await pointSessions(tx, [row])
      await insertInbox(tx, [{ session: this.session, kind: 'revision', key: null, body: JSON.stringify({ generation, commit: row.commit }) }])
    })
    this.db.notify('inbox', this.session)
    return generation
  }

  /** Starts an engine that ends with the test. */
  async engine(options: { idleMs?: number; leaseSeconds?: number; renewMs?: number; sweepMs?: number } = {}): Promise<{ stop(): Promise<void> }> {
    const end = new AbortController()
    const { stopped } = await startEngine({ db: this.db, log: createLog({ level: 'silent' }), signal: end.signal, ...options })
    const stop = async (): Promise<void> => {
      end.abort()
      await stopped
    }
    onTestFinished(stop)
    return { stop }
  }

  async put(place: string, ...values: Json[]): Promise<PutVerdict[]> {
    return this.send('put', { place, tokens: values.map((data) => ({ data })), by: 'test' } as InboxBody<'put'>)
  }

  /** Puts a row into the inbox and waits for its decision. */
  async send<K extends InboxKind>(kind: K, body: InboxBody<K>): Promise<PutVerdict[]> {
    const key = await this.post(kind, body)
    return this.until(async () => {
      const rows = await this.db.query<{ body: string }>('select body from runtime.decisions where session = $1 and key = $2', [this.session, key])
      return rows[0] && (JSON.parse(rows[0].body) as PutVerdict[])
    })
  }

  /** Puts a row into the inbox. */
  async post<K extends InboxKind>(kind: K, body: InboxBody<K>): Promise<string> {
    const key = `test-${process.pid}-${++this.#keys}`
    await insertInbox(this.db, [{ session: this.session, kind, key, body: JSON.stringify(body) }])
    this.db.notify('inbox', this.session)
    return key
  }

  /** Nothing waits, nothing is due, no effect is outside. */
  async quiet(): Promise<void> {
    await this.until(async () => {
      const rows = await this.db.query<{ busy: boolean }>(
        `select adopted < generation or coalesce(wake_at <= now(), false) or exists (select from runtime.inbox i where i.session = s.session)
             or exists (select from runtime.effects e where e.session = s.session and e.state in ('pending', 'leased')) as busy
           from runtime.sessions s where session = $1`, [this.session])
      return rows[0]?.busy === false || undefined
    })
  }

  /** Quiet but for exactly so many pending effects. */
  async quietWithEffects(effects: number): Promise<void> {
    await this.until(async () => {
      const rows = await this.db.query<{ quiet: boolean }>(
        `select adopted = generation and coalesce(wake_at > now(), true) and not exists (select from runtime.inbox i where i.session = s.session)
            and $2 = (select count(*) from runtime.effects e where e.session = s.session and e.state in ('pending', 'leased')) as quiet
           from runtime.sessions s where session = $1`, [this.session, effects])
      return rows[0]?.quiet || undefined
    })
  }

  /** Asks until there is an answer; woken by what the engine tells, and every 20 ms. */
  async until<T>(ask: () => Promise<T | undefined>): Promise<T> {
    for (let round = 0; round < 1_500; round++) {
      const answer = await ask()
      if (answer !== undefined) return answer
      await new Promise((resolve) => setTimeout(resolve, 5 + Math.min(round, 15)))
    }
    throw new Error('what the test waits for did not come')
  }

  /** Values of a place's tokens, oldest first. */
  async tokens(place: string): Promise<Json[]> {
    return (await this.db.query<{ data: Json }>('select data from runtime.tokens where session = $1 and place = $2 and not superseded order by id', [this.session, place])).map((row) => row.data)
  }

  async ids(place: string): Promise<number[]> {
    return (await this.db.query<{ id: number }>('select id from runtime.tokens where session = $1 and place = $2 order by id', [this.session, place])).map((row) => row.id)
  }

  /** Events, oldest first, of one type or all. */
  async events(type?: string): Promise<Record<string, any>[]> {
    const rows = await this.db.query<{ event: Record<string, any> }>('select event from runtime.events where session = $1 and ($2::text is null or type = $2) order by n', [this.session, type ?? null])
    return rows.map((row) => row.event)
  }
}
