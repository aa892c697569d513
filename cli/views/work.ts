import { usdText } from '../../petri/money.js'
import type { DeadAnswer, EffectAnswer, ExecutorAnswer, FiringAnswer } from '../../protocol/api/work.js'
import type { TokenAnswer } from '../../protocol/api/tokens.js'
import { age, duration } from '../age.js'
import type { View } from '../output.js'
import { stateColour } from './nets.js'

/** Money as it is, of any size: `$0.00011`, `$1.98`. */
export const exactly = (micros: number): string => `$${usdText(micros)}`
export const money = (usd: number): string => (usd === 0 ? '-' : `$${usd.toFixed(usd < 0.01 ? 6 : usd < 1 ? 4 : 2)}`)
const labels = (row: { labels: Record<string, string> }): string => Object.entries(row.labels).map(([key, value]) => `${key}=${value}`).join(',')

export const tokens = (session: string, now: number): View<TokenAnswer> => ({
  none: 'no tokens',
  name: (row) => `${session}/${row.place}/${row.id}`,
  columns: [
    { head: 'ID', cell: (row) => row.id },
    { head: 'AGE', cell: (row) => age(row.createdAt, now) },
    { head: 'BY', cell: (row) => row.producedBy },
    { head: 'STATE', cell: (row) => (row.superseded ? 'superseded' : row.reservedBy !== null ? `held by ${row.reservedBy}` : row.orphaned ? 'orphaned' : 'free') },
    { head: 'DEPTH', cell: (row) => row.depth, right: true, wide: true },
    { head: 'PARENTS', cell: (row) => row.parents.join(','), wide: true },
    { head: 'CORRELATION', cell: (row) => row.correlationId, wide: true },
    { head: 'DATA', cell: (row) => JSON.stringify(row.data) },
  ],
})

export const firings = (now: number): View<FiringAnswer> => ({
  none: 'no firings yet',
  name: (row) => `${row.session}/${row.firing}`,
  columns: [
    { head: 'FIRING', cell: (row) => row.firing, right: true },
    { head: 'TRANSITION', cell: (row) => `${row.session}/${row.net}/${row.transition}` },
    { head: 'STATE', cell: (row) => row.state, colour: stateColour },
    { head: 'ATTEMPTS', cell: (row) => row.attempts, right: true, wide: true },
    { head: 'IN', cell: (row) => row.consumed.length, right: true },
    { head: 'OUT', cell: (row) => row.produced.length, right: true },
    { head: 'TOOK', cell: (row) => (row.durationMs === null ? '' : duration(row.durationMs)), right: true },
    { head: 'COST', cell: (row) => money(row.usd), right: true },
    { head: 'AGE', cell: (row) => age(row.endedAt ?? row.startedAt, now) },
    { head: 'EXECUTOR', cell: (row) => row.executor, wide: true },
    { head: 'CORRELATION', cell: (row) => row.correlationId, wide: true },
    { head: 'MESSAGE', cell: (row) => row.error, colour: () => 'red' },
  ],
})

export const effects = (now: number): View<EffectAnswer> => ({
  none: 'no effects',
  name: (row) => `${row.session}/${row.firing}`,
  columns: [
    { head: 'EFFECT', cell: (row) => `${row.session}/${row.firing}` },
    { head: 'TRANSITION', cell: (row) => `${row.net}/${row.transition}` },
    { head: 'KIND', cell: (row) => row.kind },
    { head: 'STATE', cell: (row) => (row.cancel !== '' && row.state === 'leased' ? 'cancelling' : row.waiting !== '' && row.state === 'pending' ? 'waiting' : row.state), colour: stateColour },
    { head: 'ATTEMPT', cell: (row) => row.attempt, right: true },
    { head: 'EXECUTOR', cell: (row) => row.executor },
    { head: 'LABELS', cell: labels, wide: true },
    { head: 'WORKSPACE', cell: (row) => row.workspace, wide: true },
    { head: 'DUE', cell: (row) => (Date.parse(row.dueAt) > now ? `in ${duration(Date.parse(row.dueAt) - now)}` : age(row.dueAt, now)), wide: true },
    { head: 'LEASED', cell: (row) => age(row.leasedAt, now) },
    { head: 'AGE', cell: (row) => age(row.createdAt, now) },
    { head: 'WAITS FOR', cell: (row) => row.waiting },
  ],
})

export const executors = (now: number): View<ExecutorAnswer> => ({
  none: 'no executors: start one with "agenticos executor", or see docs/operations.md',
  name: (row) => row.name,
  columns: [
    { head: 'NAME', cell: (row) => row.name },
    { head: 'STATE', cell: (row) => row.state, colour: stateColour },
    { head: 'LEASED', cell: (row) => `${row.leased}/${row.capacity}`, right: true },
    { head: 'KINDS', cell: (row) => row.kinds.join(',') },
    { head: 'LABELS', cell: labels },
    { head: 'VERSION', cell: (row) => row.version, wide: true },
    { head: 'HOST', cell: (row) => row.host, wide: true },
    { head: 'SEEN', cell: (row) => age(row.seenAt, now) },
    { head: 'AGE', cell: (row) => age(row.registeredAt, now) },
  ],
})

export const failed = (now: number): View<DeadAnswer> => ({
  none: 'no dead letters',
  name: (row) => `${row.session}/${row.id}`,
  columns: [
    { head: 'ID', cell: (row) => `${row.session}/${row.id}` },
    { head: 'TRANSITION', cell: (row) => `${row.net}/${row.transition}` },
    { head: 'CODE', cell: (row) => row.code, colour: () => 'red' },
    { head: 'ATTEMPTS', cell: (row) => row.attempts, right: true },
    { head: 'FIRING', cell: (row) => row.firing, right: true, wide: true },
    { head: 'AGE', cell: (row) => age(row.at, now) },
    { head: 'MESSAGE', cell: (row) => row.message },
  ],
})

export const poison = (now: number): View<{ session: string; id: number; kind: string; key: string; error: string; at: string }> => ({
  none: 'no inbox rows that broke their batch',
  name: (row) => `${row.session}/${row.id}`,
  columns: [
    { head: 'ID', cell: (row) => `${row.session}/${row.id}` },
    { head: 'KIND', cell: (row) => row.kind },
    { head: 'KEY', cell: (row) => row.key, wide: true },
    { head: 'AGE', cell: (row) => age(row.at, now) },
    { head: 'ERROR', cell: (row) => row.error, colour: () => 'red' },
  ],
})
