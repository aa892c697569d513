import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import { API } from '../protocol/api.js'
import type { lifecycleAnswer } from '../protocol/api/work.js'
import { readAddress } from './address.js'
import { usage } from './failure.js'
import { printedAsValue, type Format } from './output.js'
import type { Shell } from './shell.js'

interface Asked {
  readonly state: 'running' | 'stopped'
  readonly now: boolean
  readonly shift: boolean
  readonly reason: string
  readonly wait: boolean
  readonly output: Format
}

/** `*` or `--all` is everything; else session, session/net or session/net/transition. */
export function readTarget(name: string | undefined, everything: boolean, verb: string): string {
  if (everything && name !== undefined && name !== '*') usage(`a name and --all were given`, `agenticos ${verb} ${name}, or agenticos ${verb} --all`)
  if (everything || name === '*') return '*'
  if (name === undefined) return usage(`nothing was named to ${verb}`, `agenticos ${verb} SESSION[/NET[/TRANSITION]], or agenticos ${verb} --all for everything`)
  readAddress(name, 1, 3, 'SESSION, SESSION/NET or SESSION/NET/TRANSITION')
  return name
}

/** Starts or stops a target and says what is still at work; `wait`: until nothing is. */
export async function changeLifecycle(shell: Shell, target: string, asked: Asked): Promise<void> {
  const { state, now, shift, reason } = asked
  const answer = await shell.client().call(API.lifecycle, { body: { target, state, now, shift, reason } })
  if (!printedAsValue(shell, asked.output, answer)) tell(shell, target, asked, answer)
  if (asked.wait && state === 'stopped') await untilIdle(shell, target, answer.leased.length)
}

function tell(shell: Shell, target: string, asked: Asked, answer: z.infer<typeof lifecycleAnswer>): void {
  const what = target === '*' ? `everything (${answer.sessions.length} ${answer.sessions.length === 1 ? 'session' : 'sessions'})` : target
  if (asked.state === 'running') {
    shell.print(`${what} ${shell.paint('green', 'started')}${answer.effects > 0 ? `; ${answer.effects} held effects go on` : ''}`)
    return
  }
  shell.print(`${what} ${shell.paint('yellow', 'stopped')}: nothing of it fires any more${answer.effects > 0 ? `; ${answer.effects} pending effects are held` : ''}`)
  if (answer.leased.length === 0) return
  shell.print(`${answer.leased.length} ${answer.leased.length === 1 ? 'effect is' : 'effects are'} still with executors${asked.now ? ' and will be cancelled at the next heartbeat' : ' and will end by themselves (stop --now cancels them)'}:`)
  for (const effect of answer.leased.slice(0, 20)) shell.print(`  ${effect.session}/${effect.net}/${effect.transition}  firing ${effect.firing}  on ${effect.executor}`)
}

async function untilIdle(shell: Shell, target: string, leased: number): Promise<void> {
  const [session, net, transition] = target === '*' ? [] : target.split('/')
  const query = { state: 'leased' as const, limit: 1000, ...(session ? { session } : {}), ...(net ? { net } : {}), ...(transition ? { transition } : {}) }
  for (let left = leased; left > 0 && !shell.signal.aborted; ) {
    shell.progress(`waiting for ${left} running ${left === 1 ? 'effect' : 'effects'}`)
    await sleep(500, undefined, { signal: shell.signal })
    left = (await shell.client().call(API.listEffects, { query })).items.length
  }
  shell.done()
}
