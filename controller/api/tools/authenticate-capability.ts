import { agentReaches } from '../../../petri/policy.js'
import type { Caller } from '../../../tools/caller.js'
import { isRole } from '../../../tools/role.js'
import { Failure } from '../../errors.js'
import type { CapabilityRow } from '../../store/capabilities/find.js'
import type { Context } from '../context.js'
import { hashToken, sameHash } from '../secret.js'
import { draftKey } from './draft-key.js'

const NO_HASH = '0'.repeat(64)
const WHY: Readonly<Record<string, readonly [string, string]>> = {
  unknown: ['this capability is not known here', 'capabilities are given with the lease of an agent’s firing; people use access tokens'],
  altered: ['this capability was altered', 'send it as it was given'],
  claims: ['this capability is not for what the request claims', 'leave out x-agenticos-role and x-agenticos-session: a capability says by itself what it is for'],
  over: ['the firing of this capability is over, or another executor has it', 'end this work: its lease is lost'],
  stopped: ['a stop stands over the firing of this capability', 'end this work'],
}

/** What a request says of itself beside its capability; it may claim nothing that the capability does not say. */
export interface Claims {
  readonly role?: string | undefined
  readonly session?: string | undefined
  readonly tool: string
}

/** The agent that a capability stands for, while its firing is leased and no stop stands. 401 else, told in the session's log. */
export async function authenticateCapability(context: Context, token: string, claims: Claims): Promise<Caller> {
  const id = capabilityId(token)
  const row = id === undefined ? undefined : await context.tools.capability(id)
  const why = flawOf(row, token, claims)
  if (why !== undefined) {
    if (row) await context.tools.book.write({ session: row.session, note: { type: 'tool.refused', tool: claims.tool.slice(0, 100), code: 'capability-refused', why, firing: row.firing, by: nameOf(row), ...(row.net === null ? {} : { net: row.net, transition: `${row.net}/${row.transition}` }) } })
    const [message, remedy] = WHY[why]!
    throw new Failure('capability-refused', message, remedy, { details: { why } })
  }
  return await callerOf(context, row!)
}

/** The id inside a capability token, or undefined when the text is none. */
export function capabilityId(token: string): string | undefined {
  return /^anc_([A-Za-z0-9]{1,40})_[A-Za-z0-9_-]{1,100}$/.exec(token)?.[1]
}

function flawOf(row: CapabilityRow | undefined, token: string, claims: Claims): string | undefined {
  const right = sameHash(hashToken(token), row?.hash ?? NO_HASH)
  if (!row) return 'unknown'
  if (!right) return 'altered'
  if ((claims.role !== undefined && claims.role !== row.role) || (claims.session !== undefined && claims.session !== row.session)) return 'claims'
  if (!row.leased) return 'over'
  return row.stopped || row.cancelled ? 'stopped' : undefined
}

async function callerOf({ tools }: Context, row: CapabilityRow): Promise<Caller> {
  const { session, firing } = row
  const [{ correlation, model, prompt, writes }, { policy }] = [await tools.firings.of(row.id, session, firing), await tools.settings.get()]
  return {
    name: nameOf(row), agent: true, role: isRole(row.role) ? row.role : 'r', session,
    covers: (other) => agentReaches(policy, session, other),
    firing: { session, firing, net: row.net!, transition: row.transition!, correlation, model, prompt, writes },
    draft: draftKey(correlation === '' ? `firing-${firing}` : correlation),
  }
}

function nameOf({ session, firing, net, transition }: CapabilityRow): string {
  return `agent ${net === null ? `${session}, firing ${firing}` : `${session}/${net}/${transition}`}`
}
