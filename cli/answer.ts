import { stringify } from 'yaml'
import type { Json } from '../petri/json.js'
import type { EventAnswer } from '../protocol/api/history.js'
import { CliFailure, usage } from './failure.js'
import { follow } from './follow.js'
import { printedAsValue, type Format } from './output.js'
import { plainLines } from './paint.js'
import type { Shell } from './shell.js'
import { readSpan } from './span.js'

interface Options {
  readonly output: Format
  readonly timeout: string
}

/** Waits for the first token of a correlation in a place and prints its data; a dead letter of it is a failure. */
export async function awaitAnswer(shell: Shell, at: { readonly session: string; readonly net: string; readonly place: string }, correlation: string, put: string | undefined, options: Options): Promise<void> {
  const address = at.place.includes('/') ? at.place : `${at.net}/${at.place}`
  if (!/^[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/.test(address)) usage(`${JSON.stringify(at.place)} is no place`, 'write --answer PLACE, or NET/PLACE for a place of another net of the session')
  const found = new AbortController()
  const late = AbortSignal.timeout(readSpan(options.timeout, '--timeout'))
  let answer: { readonly data: Json } | undefined
  let failure: string | undefined
  const see = (event: EventAnswer): void => {
    for (const token of (event['produced'] ?? []) as readonly { readonly place: string; readonly data: Json }[]) {
      if (token.place === address) answer ??= token
      else if (token.place.endsWith('/_failed')) failure ??= (token.data as { error?: { message?: string } }).error?.message ?? 'it failed'
    }
    if (answer !== undefined || failure !== undefined) found.abort()
  }
  shell.progress(`waiting for ${address}`)
  const after = put === undefined ? 0 : Number(put.split('-')[0]) - 1
  await follow({ ...shell, signal: AbortSignal.any([shell.signal, found.signal, late]) }, at.session, after, { correlation }, see)
  shell.done()
  if (answer === undefined) {
    const next = `agenticos events ${at.session} --correlation ${correlation}`
    throw new CliFailure(failure === undefined ? `nothing came into ${address} within ${options.timeout}` : `it ended as a dead letter: ${failure}`, next)
  }
  if (!printedAsValue(shell, options.output, answer.data as object)) shell.print(plainLines(stringify(answer.data, { lineWidth: 0 }).trimEnd()))
}
