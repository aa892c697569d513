import type { NetAnswer, PlaceAnswer, SessionAnswer, TransitionAnswer } from '../../protocol/api/nets.js'
import { age } from '../age.js'
import type { View } from '../output.js'
import type { Colour } from '../paint.js'

const truth = (_: unknown, text: string): Colour | undefined => (text === 'True' ? 'green' : text === 'False' ? 'red' : undefined)
export const stateColour = (_: unknown, text: string): Colour | undefined =>
  ({ running: 'green', fired: 'green', ready: 'green', applied: 'green', open: 'cyan', merged: 'green', stopped: 'yellow', held: 'yellow', draining: 'yellow',
    retrying: 'yellow', blocked: 'yellow', waiting: 'yellow', started: 'cyan', leased: 'cyan', failed: 'red', refused: 'red', gone: 'red' } as const)[text as 'running']
const bad = (_: unknown, text: string): Colour | undefined => (text === '0' || text === '-' ? undefined : 'red')

export const sessions = (now: number): View<SessionAnswer> => ({
  none: 'no sessions: merge a net to make one (agenticos propose DIR)',
  name: (row) => row.name,
  columns: [
    { head: 'NAME', cell: (row) => row.name },
    { head: 'READY', cell: (row) => row.ready, colour: truth },
    { head: 'STATE', cell: (row) => row.state, colour: stateColour },
    { head: 'NETS', cell: (row) => row.nets, right: true },
    { head: 'TOKENS', cell: (row) => row.tokens, right: true },
    { head: 'EFFECTS', cell: (row) => row.effects, right: true },
    { head: 'INBOX', cell: (row) => row.inbox, right: true },
    { head: 'FAILED', cell: (row) => row.failed, right: true, colour: bad },
    { head: 'EVENTS', cell: (row) => row.seq, right: true, wide: true },
    { head: 'REVISION', cell: (row) => row.commit.slice(0, 10), wide: true },
    { head: 'GENERATION', cell: (row) => `${row.adopted}/${row.generation}`, wide: true },
    { head: 'LAST EVENT', cell: (row) => age(row.lastEventAt, now) },
    { head: 'STATUS', cell: (row) => row.message },
  ],
})

export const nets = (now: number): View<NetAnswer> => ({
  none: 'no nets: merge one (agenticos propose DIR)',
  name: (row) => `${row.session}/${row.name}`,
  columns: [
    { head: 'NAME', cell: (row) => `${row.session}/${row.name}` },
    { head: 'READY', cell: (row) => row.ready, colour: truth },
    { head: 'STATE', cell: (row) => row.state, colour: stateColour },
    { head: 'PLACES', cell: (row) => row.places, right: true, wide: true },
    { head: 'TRANSITIONS', cell: (row) => row.transitions, right: true, wide: true },
    { head: 'TOKENS', cell: (row) => row.tokens, right: true },
    { head: 'EFFECTS', cell: (row) => row.effects, right: true },
    { head: 'FAILED', cell: (row) => row.failed, right: true, colour: bad },
    { head: 'REVISION', cell: (row) => row.commit.slice(0, 10) },
    { head: 'PATH', cell: (row) => row.path, wide: true },
    { head: 'AGE', cell: (row) => age(row.createdAt, now) },
    { head: 'STATUS', cell: (row) => row.message },
  ],
})

export const places = (now: number): View<PlaceAnswer> => ({
  none: 'no places',
  name: (row) => `${row.session}/${row.net}/${row.name}`,
  columns: [
    { head: 'NAME', cell: (row) => `${row.session}/${row.net}/${row.name}` },
    { head: 'CATEGORY', cell: (row) => row.category, colour: (_, text) => (text === 'failed' || text === 'orphaned' ? 'red' : undefined) },
    { head: 'TOKENS', cell: (row) => row.tokens, right: true },
    { head: 'RESERVED', cell: (row) => row.reserved, right: true },
    { head: 'CAPACITY', cell: (row) => row.capacity, right: true },
    { head: 'ORPHANED', cell: (row) => row.orphaned, right: true, wide: true },
    { head: 'SHARES', cell: (row) => (row.address === `${row.net}/${row.name}` ? '' : row.address), wide: true },
    { head: 'OLDEST', cell: (row) => age(row.oldest, now) },
    { head: 'NEWEST', cell: (row) => age(row.newest, now) },
    { head: 'TITLE', cell: (row) => row.title, wide: true },
  ],
})

export const transitions: View<TransitionAnswer> = {
  none: 'no transitions',
  name: (row) => `${row.session}/${row.net}/${row.name}`,
  columns: [
    { head: 'NAME', cell: (row) => `${row.session}/${row.net}/${row.name}` },
    { head: 'KIND', cell: (row) => row.kind },
    { head: 'READY', cell: (row) => row.ready, colour: truth },
    { head: 'STATE', cell: (row) => row.state, colour: stateColour },
    { head: 'RUNNING', cell: (row) => (row.kind === 'pass' || row.kind === 'map' || row.kind === 'link' ? '' : `${row.effects}/${row.concurrency}`), right: true },
    { head: 'RETRYING', cell: (row) => row.retrying, right: true, wide: true },
    { head: 'FAILED', cell: (row) => row.failed, right: true, colour: bad },
    { head: 'FROM', cell: (row) => row.inputs.join(','), wide: true },
    { head: 'TO', cell: (row) => row.outputs.join(','), wide: true },
    { head: 'STATUS', cell: (row) => row.message },
  ],
}
