import { API } from '../protocol/api.js'
import type { Decision } from '../protocol/api/tokens.js'
import { CliFailure } from './failure.js'
import { plain } from './paint.js'
import type { Shell } from './shell.js'

/** Waits for the owner's decision as long as it takes. */
export async function awaitDecision(shell: Shell, session: string, key: string): Promise<Decision> {
  for (;;) {
    const decision = await shell.client().call(API.getDecision, { params: { session, key }, query: { wait: 'true' }, signal: shell.signal })
    if (decision.state === 'decided') return decision
    shell.progress(`waiting for session ${session} to decide`)
  }
}

/** Says what became of it; refused ones are failures. */
export function tellVerdicts(shell: Shell, decision: Decision, what: string, done: string): void {
  shell.done()
  if (decision.state === 'waiting') {
    shell.print(`${what}: not decided yet; it is at ${decision.href}`)
    return
  }
  const refused = decision.verdicts.filter((verdict) => verdict.status >= 400)
  const fine = decision.verdicts.length - refused.length
  if (refused.length === decision.verdicts.length && refused[0]) {
    throw new CliFailure(refused[0].message ?? refused[0].code ?? 'it was refused', refused[0].remedy ?? 'agenticos get events SESSION tells what happened')
  }
  for (const verdict of refused) shell.warn(`${shell.paintErr('red', 'refused:')} ${verdict.id ?? ''} ${plain(verdict.message ?? verdict.code ?? '')}`)
  if (refused.length > 0) shell.exit = 1
  const ids = decision.verdicts.flatMap((verdict) => (verdict.status < 400 && verdict.id !== undefined && !what.endsWith(verdict.id) ? [verdict.id] : []))
  shell.print(`${what} ${done}${ids.length > 0 ? ` as ${ids.slice(0, 10).join(', ')}${ids.length > 10 ? ` and ${ids.length - 10} more` : ''}` : fine > 1 ? ` (${fine})` : ''}`)
}
