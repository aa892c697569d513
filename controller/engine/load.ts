import { canonicalText } from '../../petri/canonical.js'
import { compile, type Program } from '../../petri/compile.js'
import type { Json } from '../../petri/json.js'
import { LiveToken } from '../../petri/live-token.js'
import { Marking } from '../../petri/marking.js'
import { DEFAULT_LIMITS, type SessionConfig } from '../../petri/net.js'
import { nextTick } from '../../petri/schedule.js'
import type { Database } from '../store/database.js'
import { loadEffects, type LoadedEffect } from '../store/effects/load.js'
import { listLifecycle } from '../store/lifecycle/list.js'
import { logBytes } from '../store/segments/log-bytes.js'
import { claimSession, type Claim } from '../store/sessions/claim.js'
import { readGeneration } from '../store/sessions/read-generation.js'
import { loadTokensById } from '../store/tokens/load-ids.js'
import { loadTokens } from '../store/tokens/load.js'
import { clockOffset } from './clock.js'
import { restorePending } from './effect.js'
import { applyLifecycle, type Hold, type Own } from './own.js'
import { restoreRates } from './rates.js'

const PAGE = 20_000

export interface Loaded {
  readonly own: Own
  /** the program before, when the session has a generation to adopt */
  readonly before: Program | undefined
  readonly adopt: boolean
  readonly effects: readonly LoadedEffect[]
}

/**
 * Takes a session over, or takes it up anew: raises the fence first, in a transaction of its own, and reads afterwards.
 * Undefined: another live engine owns it, or there is no such session.
 */
export async function load(db: Database, session: string, engine: string): Promise<Loaded | undefined> {
  const claim = await claimSession(db, session, engine)
  if (claim === undefined) return undefined
  const { program, revision } = await programOf(db, session, claim.generation)
  const adopt = claim.adopted !== claim.generation
  const before = adopt && claim.adopted > 0 ? (await programOf(db, session, claim.adopted)).program : undefined
  const own: Own = {
    session, engine, fence: claim.fence, program, revision, marking: new Marking(program), pending: new Map(), awaiting: 0,
    lifecycle: await listLifecycle(db, session), rates: new Map(), schedules: [], starved: new Set(),
    firings: { since: claim.clock, total: 0, by: new Map() },
    head: claim.head, seq: claim.seq, at: Math.floor(claim.at), adopted: claim.adopted, snapshot: claim.snapshot, wakeAt: claim.wakeAt ?? undefined, tokens: 0, logBytes: program.config.limits.logBytes === null ? 0 : await logBytes(db, session), clock: clockOffset(claim.clock),
  }
  const effects = await loadEffects(db, session)
  await loadMarking(db, own, effects)
  await restoreEffects(db, own, effects)
  await restoreRates(db, own, claim.clock)
  applyLifecycle(own)
  startSchedules(own, claim)
  for (const state of own.marking.transitions.values()) own.marking.wake(state)
  return { own, before, adopt, effects }
}

async function programOf(db: Database, session: string, generation: number): Promise<{ program: Program; revision: string }> {
  const found = generation === 0 ? undefined : await readGeneration(db, session, generation)
  const config: SessionConfig = found?.config ?? { session, params: {}, retention: 90 * 86_400_000, limits: DEFAULT_LIMITS }
  return { program: compile(config, generation, found?.nets ?? []), revision: found?.commit ?? '' }
}

/** Reads the tokens of places that some arc or rule looks at; all others stay where they are. */
async function loadMarking(db: Database, own: Own, effects: readonly LoadedEffect[]): Promise<void> {
  const places = [...own.program.places.values()]
    .filter(({ consumers, place }) => consumers.length > 0 || place.capacity !== undefined || place.key !== undefined || place.keep !== undefined || place.ttl !== undefined)
    .map((place) => place.address)
  const holders = new Map(effects.flatMap((effect) => heldIds(effect.hold as Hold).map((id) => [id, effect.firing] as const)))
  for (let after = 0; ; ) {
    const page = await loadTokens(db, own.session, places, after, PAGE)
    for (const row of page) {
      const token = new LiveToken({
        id: row.id, place: row.place, data: row.data, text: canonicalText(row.data), createdAt: row.createdAt, producedBy: row.by,
        parents: row.parents, depth: row.depth, correlationId: row.correlation,
      })
      token.holder = holders.get(row.id) ?? 0
      own.marking.enter(token, own.at)
      if (row.superseded) own.marking.supersede(token)
    }
    own.tokens += page.length
    if (page.length < PAGE) return
    after = page.at(-1)!.id
  }
}

function heldIds(hold: Hold): number[] {
  return hold.bound.flatMap((ids, index) => (hold.copies[index] || ids === null ? [] : ids))
}

/** Takes running firings up again, each under the generation it began with. */
async function restoreEffects(db: Database, own: Own, effects: readonly LoadedEffect[]): Promise<void> {
  const programs = new Map([[own.program.generation, own.program]])
  for (const effect of effects) {
    const hold = effect.hold as Hold
    let program = programs.get(hold.generation)
    if (program === undefined) programs.set(hold.generation, (program = (await programOf(db, own.session, hold.generation)).program))
    const transition = program.transitions.get(`${effect.net}/${effect.transition}`)
    if (transition === undefined) throw new Error(`generation ${hold.generation} of ${own.session} has no transition ${effect.net}/${effect.transition}, which firing ${effect.firing} needs`)
    const missing = await missingTokens(db, own, hold)
    const pending = restorePending(program, transition, { firing: effect.firing, attempt: effect.attempt, state: effect.state, hold }, (id) => own.marking.live.get(id) ?? missing.get(id))
    if (pending === undefined) throw new Error(`firing ${effect.firing} of ${own.session} holds a token that is not in the marking`)
    own.pending.set(effect.firing, pending)
    for (const [address, count] of Object.entries(hold.slots)) own.marking.promise(address, count)
    const state = own.marking.transitions.get(transition.address)
    if (pending.awaiting) own.awaiting++
    else if (state) state.running++
  }
}

/** Held tokens that no arc of today's program wants: they were not loaded with the marking. */
async function missingTokens(db: Database, own: Own, hold: Hold): Promise<Map<number, LiveToken>> {
  const ids = heldIds(hold).filter((id) => !own.marking.live.has(id))
  if (ids.length === 0) return new Map()
  const rows = await loadTokensById(db, own.session, ids)
  return new Map(rows.map((row) => {
    const text = canonicalText(JSON.parse(row.data) as Json)
    return [row.id, new LiveToken({ id: row.id, place: row.place, data: JSON.parse(text) as Json, text, createdAt: Math.floor(row.createdAt), producedBy: row.by, parents: row.parents, depth: row.depth, correlationId: row.correlation })] as const
  }))
}

/** Ticks since the last batch were missed: `once` makes one of them good, `skip` none. */
function startSchedules(own: Own, claim: Claim): void {
  for (const state of own.marking.transitions.values()) {
    const { schedule } = state.program.transition
    if (schedule === undefined) continue
    const from = claim.adopted === claim.generation && claim.seq > 0 && schedule.missed === 'once' ? claim.at : claim.clock
    own.schedules.push({ state, next: nextTick(schedule, `${own.session}/${state.program.address}`, from) })
  }
}
