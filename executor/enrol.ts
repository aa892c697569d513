import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { PROTOCOL } from '../protocol/effect.js'
import { registerAnswer, type RegisterAnswer } from '../protocol/executor.js'
import type { ExecutorOptions } from './config.js'
import { passes, Refused, type ControllerClient } from './controller-client.js'
import type { Identity } from './identity.js'
import type { Log } from './log.js'
import { KINDS } from './run-effect.js'
import { VERSION } from './version.js'

const LONGEST = 15_000

/** Registers until it succeeds: with the executor's own token when it has one that is good, else, at its start, with the bootstrap token. */
export async function enrol(
  client: ControllerClient, identity: Identity, options: ExecutorOptions, fresh: boolean, log: Log, signal: AbortSignal, more: readonly string[] = [],
): Promise<RegisterAnswer | undefined> {
  const { name, labels, capacity } = options
  const body = { name, labels, capacity, kinds: [...KINDS, ...more], version: VERSION, protocol: PROTOCOL, host: hostname().slice(0, 255), fresh }
  const tokens = [identity.token, fresh ? options.token : undefined].filter((token) => token !== undefined)
  if (tokens.length === 0) throw new Error('no token: set AGENTICOS_EXECUTOR_TOKEN to a bootstrap token (agenticos token create NAME --kind bootstrap)')
  for (let pause = 200; !signal.aborted; pause = Math.min(LONGEST, pause * 2)) {
    client.token = tokens[0]!
    try {
      const answer = await client.post('/v1/executors/register', body, registerAnswer, 15_000, signal)
      client.token = answer.token
      identity.keepToken(answer.token)
      return answer
    } catch (error) {
      if (signal.aborted) return undefined
      if (error instanceof Refused && (error.status === 401 || error.status === 403) && tokens.length > 1) {
        tokens.shift()
        continue
      }
      if (!passes(error) && !(error instanceof Refused && error.code === 'executor-name-taken')) throw error
      log.warn({ err: error, url: options.url }, 'registration is tried again')
      await sleep(pause, undefined, { signal }).catch(() => {})
    }
  }
  return undefined
}
