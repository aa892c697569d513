import { nearest } from '../petri/nearest.js'
import { API } from '../protocol/api.js'
import { readAddress, type Address } from './address.js'
import { usage } from './failure.js'
import type { View } from './output.js'
import { all } from './pages.js'
import type { Shell } from './shell.js'
import { budgets } from './views/cost.js'
import * as history from './views/history.js'
import { models } from './views/models.js'
import * as nets from './views/nets.js'
import * as work from './views/work.js'

export interface GetOptions {
  readonly where?: string | undefined
  readonly order?: string | undefined
  readonly state?: string | undefined
  readonly type?: string | undefined
  readonly correlation?: string | undefined
  readonly newest: boolean
  readonly limit: number | undefined
}

export interface Getter {
  readonly options: readonly string[]
  readonly rows: (shell: Shell, name: string | undefined, options: GetOptions) => Promise<{ rows: readonly object[]; more: boolean }>
  readonly view: (now: number, name?: string) => View<never>
}

export const KINDS = ['sessions', 'nets', 'places', 'transitions', 'tokens', 'firings', 'effects', 'failed', 'poison', 'executors', 'proposals', 'drafts', 'budgets', 'models', 'revisions', 'events'] as const
export type GetKind = (typeof KINDS)[number]

/** `net`, `nets`, `proposal` ... */
export function kindOf(word: string): GetKind | undefined {
  return KINDS.find((kind) => kind === word || kind === `${word}s`)
}

const FEW = 100

/** Lists that grow without end show their newest (or first) hundred unless told otherwise. */
function bounded<T>(rows: readonly T[], limit: number | undefined): { rows: readonly T[]; more: boolean } {
  const most = limit ?? FEW
  return { rows: rows.slice(0, most), more: limit === undefined && rows.length > most }
}

const some = (limit: number | undefined): number => (limit ?? FEW + 1)

/** The sessions meant: the one named, or all. */
async function sessionsOf(shell: Shell, address: Address | undefined): Promise<string[]> {
  if (address) return [address.session]
  return (await all(shell.client(), API.listSessions)).map((session) => session.name)
}

async function eachSession<T>(shell: Shell, address: Address | undefined, list: (session: string) => Promise<T[]>): Promise<T[]> {
  const rows: T[] = []
  for (const session of await sessionsOf(shell, address)) rows.push(...(await list(session)))
  return rows
}

function optional(name: string | undefined, most: 1 | 2 | 3, form: string): Address | undefined {
  return name === undefined ? undefined : readAddress(name, 1, most, form)
}

function noName(name: string | undefined, kind: string): void {
  if (name !== undefined) usage(`get ${kind} takes no name`, `agenticos get ${kind}, or agenticos describe ${kind.slice(0, -1)} ${name}`)
}

const NET = 'SESSION or SESSION/NET'
const ANY = 'SESSION, SESSION/NET or SESSION/NET/TRANSITION'

export const GETTERS: Readonly<Record<GetKind, Getter>> = {
  sessions: {
    options: [], view: nets.sessions as Getter['view'],
    rows: async (shell, name, { limit }) => {
      const address = optional(name, 1, 'SESSION')
      if (address) return { rows: [await shell.client().call(API.getSession, { params: { session: address.session } })], more: false }
      return { rows: await all(shell.client(), API.listSessions, {}, limit), more: false }
    },
  },
  nets: {
    options: [], view: nets.nets as Getter['view'],
    rows: async (shell, name, { limit }) => {
      const address = optional(name, 2, NET)
      if (address?.net) return { rows: [await shell.client().call(API.getNet, { params: { session: address.session, net: address.net } })], more: false }
      return { rows: await all(shell.client(), API.listNets, { query: address ? { session: address.session } : {} }, limit), more: false }
    },
  },
  places: {
    options: [], view: nets.places as Getter['view'],
    rows: async (shell, name, { limit }) => {
      const address = optional(name, 3, 'SESSION, SESSION/NET or SESSION/NET/PLACE')
      const rows = await eachSession(shell, address, (session) => all(shell.client(), API.listPlaces, { params: { session }, query: address?.net ? { net: address.net } : {} }))
      const meant = rows.filter((row) => address?.element === undefined || row.name === address.element)
      return { rows: limit === undefined ? meant : meant.slice(0, limit), more: false }
    },
  },
  transitions: {
    options: [], view: (() => nets.transitions) as unknown as Getter['view'],
    rows: async (shell, name, { limit }) => {
      const address = optional(name, 3, ANY)
      const rows = await eachSession(shell, address, (session) => all(shell.client(), API.listTransitions, { params: { session }, query: address?.net ? { net: address.net } : {} }))
      const meant = rows.filter((row) => address?.element === undefined || row.name === address.element)
      return { rows: limit === undefined ? meant : meant.slice(0, limit), more: false }
    },
  },
  tokens: {
    options: ['where', 'order'], view: ((now: number, name = '') => work.tokens(name.split('/')[0]!, now)) as unknown as Getter['view'],
    rows: async (shell, name, { where, order, limit }) => {
      if (name === undefined) usage('get tokens needs the place', 'agenticos get tokens SESSION/NET/PLACE; agenticos get places lists them')
      const { session, net, element } = readAddress(name, 3, 3, 'SESSION/NET/PLACE')
      const query = { ...(where === undefined ? {} : { where }), ...(order === undefined ? {} : { order }) }
      return bounded(await all(shell.client(), API.listTokens, { params: { session, net: net!, place: element! }, query }, some(limit)), limit)
    },
  },
  firings: {
    options: ['correlation'], view: work.firings as Getter['view'],
    rows: async (shell, name, { correlation, limit }) => {
      const address = optional(name, 3, ANY)
      const query = { ...scoped(address), ...(correlation === undefined ? {} : { correlation }) }
      return bounded(await eachSession(shell, address, (session) => all(shell.client(), API.listFirings, { params: { session }, query }, some(limit))), limit)
    },
  },
  effects: {
    options: ['state'], view: work.effects as Getter['view'],
    rows: async (shell, name, { state, limit }) => {
      const address = optional(name, 3, ANY)
      const query = { ...(address ? { session: address.session, ...scoped(address) } : {}), ...(state === undefined ? {} : { state }) }
      return bounded(await all(shell.client(), API.listEffects, { query }, some(limit)), limit)
    },
  },
  failed: {
    options: [], view: work.failed as Getter['view'],
    rows: async (shell, name, { limit }) => {
      const address = optional(name, 3, ANY)
      return bounded(await eachSession(shell, address, (session) => all(shell.client(), API.listDead, { params: { session }, query: scoped(address) }, some(limit))), limit)
    },
  },
  models: {
    options: [], view: models as Getter['view'],
    rows: async (shell, name, { limit }) => {
      const { items } = await shell.client().call(API.listModels)
      const meant = name === undefined ? items : items.filter((row) => row.name === name)
      if (name !== undefined && meant.length === 0) usage(`there is no model ${name}`, `agenticos get models ${nearest(name, items.map((row) => row.name)) ?? ''}`.trim())
      return { rows: limit === undefined ? meant : meant.slice(0, limit), more: false }
    },
  },
  budgets: {
    options: [], view: budgets as Getter['view'],
    rows: async (shell, name, { limit }) => {
      const address = optional(name, 1, 'SESSION')
      const { items } = await shell.client().call(API.listBudgets, { query: address ? { session: address.session } : {} })
      return { rows: limit === undefined ? items : items.slice(0, limit), more: false }
    },
  },
  poison: {
    options: [], view: work.poison as Getter['view'],
    rows: async (shell, name, { limit }) => {
      const address = optional(name, 1, 'SESSION')
      return bounded(await eachSession(shell, address, (session) => all(shell.client(), API.listPoison, { params: { session } }, some(limit))), limit)
    },
  },
  executors: {
    options: [], view: work.executors as Getter['view'],
    rows: async (shell, name, { limit }) => {
      const rows = await all(shell.client(), API.listExecutors)
      const meant = name === undefined ? rows : rows.filter((row) => row.name === name)
      return { rows: limit === undefined ? meant : meant.slice(0, limit), more: false }
    },
  },
  proposals: {
    options: ['state'], view: history.proposals as Getter['view'],
    rows: async (shell, name, { state, limit }) => {
      noName(name, 'proposals')
      return bounded(await all(shell.client(), API.listProposals, { query: state === undefined ? {} : { state } }, some(limit)), limit)
    },
  },
  drafts: {
    options: [], view: history.drafts as Getter['view'],
    rows: async (shell, name, { limit }) => {
      const address = optional(name, 1, 'SESSION')
      const rows = await all(shell.client(), API.listDrafts)
      return bounded(rows.filter((row) => address === undefined || row.session === address.session), limit)
    },
  },
  revisions: {
    options: [], view: history.revisions as Getter['view'],
    rows: async (shell, name, { limit }) => {
      noName(name, 'revisions')
      return bounded(await all(shell.client(), API.listRevisions, {}, some(limit)), limit)
    },
  },
  events: {
    options: ['type', 'correlation', 'newest'], view: history.events as Getter['view'],
    rows: async (shell, name, { type, correlation, newest, limit }) => {
      if (name === undefined) usage('get events needs a session', 'agenticos get events SESSION; agenticos get sessions lists them')
      const address = readAddress(name, 1, 3, ANY)
      const query = { ...scoped(address), ...(type === undefined ? {} : { type }), ...(correlation === undefined ? {} : { correlation }), newest: 'true' }
      const { rows, more } = bounded(await all(shell.client(), API.listEvents, { params: { session: address.session }, query }, some(limit)), limit)
      return { rows: newest ? rows : [...rows].reverse(), more }
    },
  },
}

function scoped(address: Address | undefined): { net?: string; transition?: string } {
  return { ...(address?.net === undefined ? {} : { net: address.net }), ...(address?.element === undefined ? {} : { transition: address.element }) }
}
