import type { Net } from '../../petri/net.js'
import { DEFAULT_LIMITS } from '../../petri/net.js'
import type { Database } from '../../controller/store/database.js'

type Place = Net['places'][string]
type Transition = Net['transitions'][string]

/** A checked place with everything that is not given left at its default. */
export function place(net: string, name: string, given: Partial<Place> = {}): Place {
  return { name, address: `${net}/${name}`, category: 'task', tokens: [], onDuplicate: 'refuse', maxBytes: 1_048_576, ...given }
}

export function passing(name: string, from: string, to: string, net: string, given: Partial<Transition> = {}): Transition {
  return {
    name, kind: 'pass', action: null, retry: { attempts: 1, backoff: [2000, 60000] }, timeout: 30_000, concurrency: 16, executor: {}, credentials: {},
    inputs: [{ variable: 'x', from, address: `${net}/${from}`, mode: 'consume', take: { form: 'one' }, optional: false, otherwise: false }],
    outputs: [{ to, address: `${net}/${to}`, emit: '${result}', tools: false, on: 'success', when: 'always' }],
    ...given,
  }
}

/** Writes nets as applied and adopted, as reconcile and the engine would. */
export async function applyNets(db: Database, session: string, nets: readonly Pick<Net, 'name' | 'places' | 'transitions'>[]): Promise<void> {
  await db.query(`insert into runtime.sessions (session, generation, adopted) values ($1, 1, 1) on conflict do nothing`, [session])
  const config = { session, title: `Session ${session}`, params: {}, retention: 90 * 86_400_000, limits: DEFAULT_LIMITS }
  for (const net of nets) {
    const definition = { session, params: {}, stalled: [], title: `Net ${net.name}`, ...net }
    await db.query(`insert into design.nets (session, net, identity, path, blob, definition) values ($1, $2, $3, $4, $5, $6)`,
      [session, net.name, `id-${net.name}`, `nets/${session}/${net.name}.yaml`, 'b10b', JSON.stringify(definition)])
  }
  await db.query(`insert into design.generations (session, generation, commit, config, nets) values ($1, 1, $2, $3, $4)`,
    [session, 'c0ffee', JSON.stringify(config), JSON.stringify(Object.fromEntries(nets.map((net) => [net.name, `id-${net.name}`])))])
}

/** The net most tests use: `inbox` with a schema, `small` of capacity and size, `done`. */
export function demoNet(name = 'mail'): Pick<Net, 'name' | 'places' | 'transitions'> {
  return {
    name,
    places: {
      inbox: place(name, 'inbox', { schema: { type: 'object', required: ['text'], properties: { text: { type: 'string' } } } }),
      small: place(name, 'small', { capacity: 1, maxBytes: 100 }),
      away: place(name, 'away', { sends: 'other/net/place' }),
      done: place(name, 'done'),
    },
    transitions: { move: passing('move', 'inbox', 'done', name) },
  }
}
