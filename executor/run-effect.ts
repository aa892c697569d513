import { admit } from '../petri/canonical.js'
import type { LeasedEffect, Outcome } from '../protocol/effect.js'
import { CredentialRefused, Credentials } from './credentials.js'
import { failed } from './failed.js'
import { agent } from './kinds/agent.js'
import { command } from './kinds/command.js'
import { http } from './kinds/http.js'
import { PUT_BACK, type Bench } from './kinds/kind.js'
import { llm } from './kinds/llm.js'

/** What this executor can do. */
export const KINDS = ['command', 'http', 'llm', 'agent'] as const

const MOST = 8 * 1024 * 1024

/** Does one effect. Always resolves: with an outcome that is I-JSON, at most 8 MiB and without a credential, or put back. */
export async function runEffect(effect: LeasedEffect, bench: Bench, signal: AbortSignal): Promise<Outcome | typeof PUT_BACK> {
  let credentials: Credentials
  try {
    credentials = new Credentials(effect.credentials, bench.options)
  } catch (error) {
    if (error instanceof CredentialRefused) return failed('credential-refused', error.message)
    throw error
  }
  let outcome: Outcome | typeof PUT_BACK
  try {
    outcome = await perform(effect, credentials, bench, signal)
  } catch (error) {
    outcome = failed('executor-failed', error instanceof Error ? error.message : String(error), { retryable: true })
  }
  if (outcome === PUT_BACK) return outcome
  return carried(outcome.status === 'failed' ? { ...outcome, message: credentials.mask.text(outcome.message).slice(0, 2000) } : outcome)
}

function perform(effect: LeasedEffect, credentials: Credentials, bench: Bench, signal: AbortSignal): Promise<Outcome | typeof PUT_BACK> {
  const { request } = effect
  switch (request.kind) {
    case 'command':
      return command({ ...effect, request }, credentials, bench, signal)
    case 'http':
      return http({ ...effect, request }, credentials, bench, signal)
    case 'llm':
      return llm({ ...effect, request }, credentials, bench, signal)
    case 'agent':
      return agent({ ...effect, request }, credentials, bench, signal)
  }
}

function carried(outcome: Outcome): Outcome {
  const read = admit(outcome, MOST)
  if (read.ok) return read.value as Outcome
  return failed(read.code === 'too-large' ? 'outcome-too-large' : 'outcome-refused', `the result cannot be carried: ${read.message}`)
}
