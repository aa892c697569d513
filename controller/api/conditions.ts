import type { Condition } from '../../protocol/api/route.js'
import type { State } from './lifecycle.js'

interface Facts {
  readonly generation: number
  readonly adopted: number
  /** what the engine says is wrong with the session */
  readonly condition: Record<string, unknown> | null
  readonly stalled: readonly { readonly reason: string; readonly message: string }[]
  readonly failed: number
  readonly state: State
}

/** The four conditions GitOps users know, of a session or a net. Never both Reconciling and Stalled. */
export function conditionsOf(facts: Facts): Condition[] {
  const behind = facts.adopted < facts.generation
  const trouble = facts.condition ? { reason: word(facts.condition['reason'], 'Failed'), message: word(facts.condition['message'], 'the engine reports a fault') } : facts.stalled[0]
  const observedGeneration = facts.adopted
  const make = (type: string, holds: boolean, reason: string, message: string): Condition =>
    ({ type, status: holds ? 'True' : 'False', reason, message, observedGeneration })
  const list: Condition[] = []
  if (trouble) list.push(make('Ready', false, trouble.reason, trouble.message))
  else if (behind) list.push(make('Ready', false, 'Progressing', `generation ${facts.generation} waits for the session's engine, which runs ${facts.adopted}`))
  else list.push(make('Ready', true, facts.state.state === 'stopped' ? 'Stopped' : 'Succeeded', facts.state.message || 'the applied revision runs'))
  if (behind && !trouble) list.push(make('Reconciling', true, 'Progressing', `adopting generation ${facts.generation}`))
  if (trouble) list.push(make('Stalled', true, trouble.reason, trouble.message))
  const healthy = facts.failed === 0 && !trouble
  list.push(make('Healthy', healthy, healthy ? 'Succeeded' : facts.failed > 0 ? 'DeadLetters' : 'Failed',
    healthy ? 'no dead letters' : facts.failed > 0 ? `${facts.failed} dead ${facts.failed === 1 ? 'letter' : 'letters'}` : trouble!.message))
  return list
}

function word(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? value : otherwise
}
