import { randomBytes } from 'node:crypto'
import { PROTOCOL } from '../../protocol/effect.js'
import type { RegisterAnswer, RegisterRequest } from '../../protocol/executor.js'
import { fail } from '../errors.js'
import type { Database } from '../store/database.js'
import { addToken } from '../store/executors/add-token.js'
import { endLeases } from '../store/executors/end-leases.js'
import type { TokenRow } from '../store/executors/find-token.js'
import { prolongToken } from '../store/executors/prolong-token.js'
import { register as write } from '../store/executors/register.js'
import { revokeTokens } from '../store/executors/revoke-tokens.js'
import { tokenHash } from './authenticate.js'
import type { Timing } from './timing.js'

/**
 * Registers an executor. For a bootstrap token it gets a new token of its own, and those before it are revoked; its own
 * token is prolonged and given back as it is.
 */
export async function register(db: Database, held: TokenRow, token: string, request: RegisterRequest, timing: Timing): Promise<RegisterAnswer> {
  if (request.protocol !== PROTOCOL) {
    fail('protocol-mismatch', `the executor speaks protocol ${request.protocol}, this controller ${PROTOCOL}`,
      request.protocol < PROTOCOL ? 'update the executor to the version of the controller' : 'update the controller first, executors after it')
  }
  if (held.kind === 'executor' && held.name !== request.name) {
    fail('forbidden', `the token belongs to executor ${held.name}, not to ${request.name}`, 'register a new name with a bootstrap token')
  }
  const own = held.kind === 'executor' ? { id: held.id, token } : newToken()
  await db.transaction(async (tx) => {
    if (!(await write(tx, request, own.id, timing.leaseMs))) {
      fail('executor-name-taken', `another host runs an executor named ${request.name} and was heard of just now`,
        'give this one another name (AGENTICOS_EXECUTOR_NAME), or stop the other and wait half a minute')
    }
    if (request.fresh) await endLeases(tx, request.name)
    if (held.kind === 'executor') return prolongToken(tx, held.id, timing.tokenMs)
    await revokeTokens(tx, request.name)
    await addToken(tx, { id: own.id, hash: tokenHash(own.token), kind: 'executor', name: request.name, lifeMs: timing.tokenMs })
  })
  return { executor: request.name, token: own.token, heartbeatMs: timing.heartbeatMs, leaseMs: timing.leaseMs, renewMs: timing.renewMs }
}

/** A bootstrap token for executors that this program starts itself. */
export async function issueBootstrap(db: Database, name: string, lifeMs: number): Promise<string> {
  const { id, token } = newToken()
  await addToken(db, { id, hash: tokenHash(token), kind: 'bootstrap', name, lifeMs })
  return token
}

function newToken(): { id: string, token: string } {
  const id = randomBytes(8).toString('hex')
  return { id, token: `agenticos_x_${id}_${randomBytes(32).toString('base64url')}` }
}
