import { admit } from '../petri/canonical.js'
import type { LeasedEffect, Outcome } from '../protocol/effect.js'
import { CredentialRefused, Credentials } from './credentials.js'
import { failed } from './failed.js'
import { command } from './kinds/command.js'
import { http } from './kinds/http.js'
import type { Bench } from './kinds/kind.js'

/** What this executor can do. */
export const KINDS = ['command', 'http'] as const

const MOST = 8 * 1024 * 1024

/** Does one effect. Always resolves, with an outcome that is I-JSON, at most 8 MiB and without a credential. */
export async function runEffect(effect: LeasedEffect, bench: Bench, signal: AbortSignal): Promise<Outcome> {
  let credentials: Credentials
  try {
    credentials = new Credentials(effect.credentials, bench.options)
  } catch (error) {
    if (error instanceof CredentialRefused) return failed('credential-refused', error.message)
    throw error
  }
  let outcome: Outcome
  try {
    outcome = await perform(effect, credentials, bench, signal)
  } catch (error) {
    outcome = failed('executor-failed', error instanceof Error ? error.message : String(error), { retryable: true })
  }
  return carried(outcome.status === 'failed' ? { ...outcome, message: credentials.mask.text(outcome.message).slice(0, 2000) } : outcome)
}

function perform(effect: LeasedEffect, credentials: Credentials, bench: Bench, signal: AbortSignal): Promise<Outcome> {
  const { request } = effect
  switch (request.kind) {
    case 'command':
      return command({ ...effect, request }, credentials, bench, signal)
    case 'http':
      return http({ ...effect, request }, credentials, bench, signal)
    case 'llm':
    case 'agent':
      return Promise.resolve(failed('executor-failed', 'this executor calls no models'))
  }
}

function carried(outcome: Outcome): Outcome {
  const read = admit(outcome, MOST)
  if (read.ok) return read.value as Outcome
  return failed(read.code === 'too-large' ? 'outcome-too-large' : 'outcome-refused', `the result cannot be carried: ${read.message}`)
}
