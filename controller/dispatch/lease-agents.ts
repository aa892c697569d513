import { randomBytes } from 'node:crypto'
import { resolveModel, withFallbacks, type Model } from '../../petri/models.js'
import { cutRole, roleCeiling } from '../../petri/policy.js'
import type { LeasedEffect } from '../../protocol/effect.js'
import type { ModelGrant } from '../../protocol/model.js'
import { resumed } from '../store/calls/resumed.js'
import { insertCapabilities, type CapabilityRow } from '../store/capabilities/insert.js'
import { tokenHash } from './authenticate.js'
import type { Dispatch } from './dispatch.js'

/** Adds to leased effects of llm and agent what they need: models, whether they go on from a transcript, and of agents a capability and the role that policy leaves them. */
export async function equip(dispatch: Dispatch, executor: string, effects: readonly LeasedEffect[]): Promise<LeasedEffect[]> {
  const thinking = effects.filter(({ request }) => request.kind === 'llm' || request.kind === 'agent')
  if (thinking.length === 0) return [...effects]
  for (const effect of thinking) dispatch.places.note(executor, effect)
  const { models, policy } = await dispatch.designs.settings.get()
  const capabilities = new Map<LeasedEffect, { readonly token: string, readonly role: string }>()
  const rows: CapabilityRow[] = []
  for (const effect of thinking) {
    const { request, session, firing, attempt, lease } = effect
    if (request.kind !== 'agent') continue
    const { id, token } = newCapability()
    const role = cutRole(request.role, roleCeiling(policy, session))
    capabilities.set(effect, { token, role })
    rows.push({ id, hash: tokenHash(token), session, firing, attempt, lease, role })
  }
  const [before] = await Promise.all([resumed(dispatch.db, thinking), rows.length > 0 ? insertCapabilities(dispatch.db, rows) : undefined])
  return effects.map((effect) => {
    const { request, session, firing } = effect
    if (request.kind !== 'llm' && request.kind !== 'agent') return effect
    const first = resolveModel(models, request.model)
    const capability = capabilities.get(effect)
    return {
      ...effect, models: first === undefined ? [] : withFallbacks(models, first).map(grantOf),
      ...(capability === undefined ? {} : { capability: capability.token, request: { ...request, role: capability.role } as typeof request }), ...(before.has(`${session} ${firing}`) ? { resumes: true } : {}),
    }
  })
}

function newCapability(): { id: string, token: string } {
  const id = randomBytes(8).toString('hex')
  return { id, token: `anc_${id}_${randomBytes(32).toString('base64url')}` }
}

function grantOf({ name, provider, url, model, context, maxOutput, price, capabilities, key, timeout }: Model): ModelGrant {
  return { name, provider, url, model, context, maxOutput, price, capabilities: [...capabilities], timeout, ...(key === undefined ? {} : { key }) }
}
