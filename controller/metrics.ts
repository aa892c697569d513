import { isMainThread } from 'node:worker_threads'
import { AggregatorRegistry, collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

// Labels are of small closed sets: kinds, outcomes, components. Never a session, net, token or address.

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

export const registry = new Registry()
if (isMainThread) collectDefaultMetrics({ register: registry, prefix: 'agenticos_' })

const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
  new Counter<L>({ name: `agenticos_${name}`, help, labelNames, registers: [registry] })
const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
  new Gauge<L>({ name: `agenticos_${name}`, help, labelNames, registers: [registry] })
const histogram = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
  new Histogram<L>({ name: `agenticos_${name}`, help, labelNames, buckets: SECONDS, registers: [registry] })

/** Everything that is measured; docs/operations.md has a row for each name. */
export const metrics = {
  // engine
  firings: counter('firings_total', 'Transitions fired, by kind', ['kind']),
  events: counter('events_total', 'Events written to the log'),
  batches: counter('batches_total', 'Batches, by how they ended', ['result']),
  batchSeconds: histogram('batch_seconds', 'Time from taking a batch to its commit'),
  inboxRows: counter('inbox_rows_total', 'Inbox rows decided, by kind', ['kind']),
  putSeconds: histogram('put_seconds', 'Time from the arrival of a put to its decision'),
  sessionsOwned: gauge('sessions_owned', 'Sessions that this process owns'),
  liveTokens: gauge('live_tokens', 'Tokens in the memory of this process'),
  deadLetters: counter('dead_letters_total', 'Tokens put into _failed'),
  takeovers: counter('takeovers_total', 'Sessions taken from a dead engine'),
  // dispatch
  effectsLeased: counter('effects_leased_total', 'Effects leased to executors, by kind', ['kind']),
  effectsSettled: counter('effects_settled_total', 'Effects settled, by kind and outcome', ['kind', 'outcome']),
  effectSeconds: histogram('effect_seconds', 'Time from lease to outcome, by kind', ['kind']),
  leasesExpired: counter('leases_expired_total', 'Leases that ended without an outcome'),
  executors: gauge('executors', 'Executors known, by state', ['state']),
  // reconcile
  reconciles: counter('reconciles_total', 'Reconcile runs, by result', ['result']),
  reconcileSeconds: histogram('reconcile_seconds', 'Time from a commit seen to its end, applied or refused'),
  netsApplied: gauge('nets_applied', 'Nets of the applied revision'),
  // api
  requests: counter('http_requests_total', 'Requests answered, by route, method and class of status', ['route', 'method', 'status']),
  requestSeconds: histogram('http_request_seconds', 'Time to answer, by route and method', ['route', 'method']),
  streams: gauge('event_streams', 'Event streams that are open'),
  // store
  partitionsDropped: counter('partitions_dropped_total', 'Partitions of the log dropped past their retention'),
} as const

/** What a thread of this process has measured, as plain data. */
export type Measured = Awaited<ReturnType<Registry['getMetricsAsJSON']>>
const threads = new Set<() => Promise<Measured>>()

/** Adds a thread's figures to what this process shows; the answer takes them out again. */
export function addThread(figures: () => Promise<Measured>): () => void {
  threads.add(figures)
  return () => threads.delete(figures)
}

/** The text that Prometheus reads: this thread's figures and those of all others, added up. */
export async function exposition(): Promise<string> {
  const parts = await Promise.all([registry.getMetricsAsJSON(), ...[...threads].map((figures) => figures().catch(() => []))])
  return AggregatorRegistry.aggregate(parts).metrics()
}
