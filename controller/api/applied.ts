import type { Net, Place } from '../../petri/net.js'
import type { Json } from '../../petri/json.js'
import { nearest } from '../../petri/nearest.js'
import { compileSchema } from '../../petri/schema.js'
import { fail } from '../errors.js'
import type { Database } from '../store/database.js'
import { sessionGenerations } from '../store/sessions/generation.js'
import { sessionNames } from '../store/sessions/names.js'
import { definitions } from '../store/views/definitions.js'
import { gather } from './gather.js'

export type Judge = (data: Json) => readonly { readonly path: string; readonly message: string }[]

export interface AppliedPlace {
  readonly place: Place
  /** the place that owns the tokens: itself, or the one it shares */
  readonly owner: Place
  readonly judge: Judge
}

interface Cached {
  readonly generation: number
  readonly nets: ReadonlyMap<string, Net>
  readonly judges: Map<string, Judge>
}

const MOST = 200

/** The nets that sessions are to run, read once a generation. */
export interface Applied {
  /** 404 with the nearest name when there is no such session */
  nets(session: string): Promise<ReadonlyMap<string, Net>>
  net(session: string, net: string): Promise<Net>
  place(session: string, net: string, place: string): Promise<AppliedPlace>
  /** whether a net has this place (`net/place`, `net/_failed`); tokens anywhere else are orphans */
  declares(session: string, address: string): Promise<boolean>
}

export function createApplied(db: Database): Applied {
  const cache = new Map<string, Cached>()
  // asked of the database each time; what is asked for at once is asked for together
  const generationOf = gather(MOST, async (sessions: readonly string[]) => {
    const rows = new Map((await sessionGenerations(db, [...new Set(sessions)])).map((row) => [row.session, row.generation]))
    return sessions.map((session) => rows.get(session))
  })
  const load = async (session: string): Promise<Cached> => {
    const generation = await generationOf(session)
    if (generation === undefined) return missing('session', session, await sessionNames(db), 'agenticos get sessions')
    const known = cache.get(session)
    if (known?.generation === generation) return known
    const rows = await definitions(db, session, null)
    const made = { generation, nets: new Map(rows.map((row) => [row.net, row.definition as Net])), judges: new Map<string, Judge>() }
    cache.delete(session)
    cache.set(session, made)
    for (const oldest of cache.keys()) {
      if (cache.size <= MOST) break
      cache.delete(oldest)
    }
    return made
  }
  const net = (loaded: Cached, session: string, name: string): Net =>
    loaded.nets.get(name) ?? missing('net', `${session}/${name}`, [...loaded.nets.keys()].map((known) => `${session}/${known}`), `agenticos get nets ${session}`)
  return {
    nets: async (session) => (await load(session)).nets,
    net: async (session, name) => net(await load(session), session, name),
    place: async (session, netName, name) => {
      const loaded = await load(session)
      const places = net(loaded, session, netName).places
      const place = Object.hasOwn(places, name) ? places[name] : undefined
      if (!place) return missing('place', `${session}/${netName}/${name}`, Object.keys(places).map((known) => `${session}/${netName}/${known}`), `agenticos get places ${session}/${netName}`)
      const owner = ownerOf(loaded, place)
      return { place, owner, judge: judgeOf(loaded, owner) }
    },
    declares: async (session, address) => {
      const [netName = '', name = ''] = address.split('/')
      const found = (await load(session)).nets.get(netName)
      return found !== undefined && (name === '_failed' || Object.hasOwn(found.places, name))
    },
  }
}

function ownerOf(loaded: Cached, place: Place): Place {
  if (place.shares === undefined) return place
  const [net, name] = place.address.split('/') as [string, string]
  return loaded.nets.get(net)?.places[name] ?? place
}

function judgeOf(loaded: Cached, owner: Place): Judge {
  const known = loaded.judges.get(owner.address)
  if (known) return known
  const compiled = owner.schema === undefined ? undefined : compileSchema(owner.schema)
  const judge: Judge = compiled?.ok ? compiled.value : () => []
  loaded.judges.set(owner.address, judge)
  return judge
}

export function missing(kind: string, name: string, known: readonly string[], list: string): never {
  const near = nearest(name, known)
  return fail('not-found', `there is no ${kind} ${name}`, near === undefined ? `${list} lists what there is` : `did you mean ${near}? ${list} lists what there is`)
}
