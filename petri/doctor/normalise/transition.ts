import { duration } from '../../duration.js'
import { frequency } from '../../frequency.js'
import type { TransitionFile } from '../../inscription.js'
import type { Kind, Place, Transition } from '../../net.js'
import { actionOf } from './action.js'
import { budgetOf } from './budget.js'
import { inputOf } from './input.js'
import { outputsOf } from './output.js'

const SECOND = 1_000
export const BACKOFF: readonly [number, number] = [2 * SECOND, 60 * SECOND]
export const CONCURRENCY = 16
const TIMEOUTS: Readonly<Record<Kind, number>> = {
  pass: 0, map: 0, link: 0, http: 30 * SECOND, command: 60 * SECOND, llm: 120 * SECOND, agent: 600 * SECOND,
}

/** A transition with arcs resolved and every default of the language written out. */
export function transitionOf(net: string, name: string, file: TransitionFile, places: ReadonlyMap<string, Place>): Transition {
  const inputs = Object.entries(file.in ?? {}).map(([variable, arc]) =>
    inputOf(net, variable, arc, places.get(typeof arc === 'string' ? arc : arc.from)))
  const outputs = Object.entries(file.out ?? {}).flatMap(([to, arc]) => outputsOf(net, to, arc, places.get(to), inputs))
  return {
    name,
    kind: file.kind,
    ...(file.title === undefined ? {} : { title: file.title }),
    ...(file.description === undefined ? {} : { description: file.description }),
    inputs,
    outputs,
    action: actionOf(file, inputs, outputs, places),
    ...(file.drop === undefined ? {} : { drop: file.drop }),
    ...scheduleOf(file),
    retry: retryOf(file),
    timeout: (file.timeout === undefined ? undefined : duration(file.timeout)) ?? TIMEOUTS[file.kind],
    concurrency: typeof file.concurrency === 'number' ? file.concurrency : CONCURRENCY,
    ...rateOf(file),
    executor: file.executor?.labels ?? {},
    credentials: file.credentials ?? {},
    ...budgetOf(file.budget),
    ...approvalOf(file),
    ...(file.cost === undefined ? {} : { cost: file.cost }),
  }
}

function attempts(file: TransitionFile): number {
  if (file.kind === 'llm') return 3
  return file.kind === 'http' && ['GET', 'HEAD'].includes(file.do.method ?? 'GET') ? 3 : 1
}

function retryOf(file: TransitionFile): Transition['retry'] {
  const bounds = file.retry?.backoff?.split('..').map(duration) ?? []
  const shortest = bounds[0] ?? BACKOFF[0]
  return {
    attempts: typeof file.retry?.attempts === 'number' ? file.retry.attempts : attempts(file),
    backoff: bounds.length === 0 ? BACKOFF : [shortest, bounds[1] ?? shortest],
  }
}

function scheduleOf(file: TransitionFile): Pick<Transition, 'schedule'> {
  if (file.schedule === undefined) return {}
  const { every, cron, timezone } = file.schedule
  const missed = file.schedule.missed === 'skip' ? 'skip' : 'once'
  if (cron !== undefined) return { schedule: { cron, timezone: timezone ?? 'UTC', missed } }
  return { schedule: { every: duration(every ?? '') ?? 0, missed } }
}

function rateOf(file: TransitionFile): Pick<Transition, 'rate'> {
  if (file.rate === undefined) return {}
  const { limit, per } = typeof file.rate === 'string' ? { limit: file.rate, per: undefined } : file.rate
  const allowed = frequency(limit)
  return allowed === undefined ? {} : { rate: { ...allowed, ...(per === undefined ? {} : { per }) } }
}

function approvalOf(file: TransitionFile): Pick<Transition, 'approval'> {
  if (file.approval === undefined) return {}
  const expires = typeof file.approval === 'object' && file.approval.expires !== undefined ? duration(file.approval.expires) : undefined
  return { approval: { by: 'merge', ...(expires === undefined ? {} : { expires }) } }
}
