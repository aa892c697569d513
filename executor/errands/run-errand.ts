import { admit } from '../../petri/canonical.js'
import type { Outcome } from '../../protocol/effect.js'
import type { LeasedErrand } from '../../protocol/errand.js'
import type { ContainerPort } from '../containers/container-port.js'
import { failed } from '../failed.js'
import type { Bench } from '../kinds/kind.js'
import { checkOne } from './check-one.js'
import { containerCall } from './container-call.js'
import { httpCall } from './http-call.js'

const MOST = 1024 * 1024

/** Does one errand. Always resolves, with an outcome that is I-JSON and at most 1 MiB. */
export async function runErrand(errand: LeasedErrand, bench: Bench, containers: ContainerPort | undefined, signal: AbortSignal): Promise<Outcome> {
  const over = AbortSignal.any([signal, AbortSignal.timeout(errand.timeoutMs)])
  let outcome: Outcome
  try {
    outcome = await perform(errand, bench, containers, errand.request.kind === 'http' ? signal : over)
  } catch (error) {
    outcome = failed('executor-failed', (error instanceof Error ? error.message : String(error)).slice(0, 2000))
  }
  const read = admit(outcome, MOST)
  return read.ok ? (read.value as Outcome) : failed('outcome-refused', `the answer cannot be carried: ${read.message}`)
}

function perform(errand: LeasedErrand, bench: Bench, containers: ContainerPort | undefined, signal: AbortSignal): Promise<Outcome> {
  const { request, session } = errand
  switch (request.kind) {
    case 'http':
      return httpCall(errand, request, bench, signal)
    case 'container':
      return containerCall(session, request.order, containers, signal)
    case 'model':
      return checkOne(request.model, bench, signal)
  }
}
