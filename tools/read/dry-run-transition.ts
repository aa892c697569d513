import { z } from 'zod'
import { enable } from '../../petri/enable.js'
import { conclude, failure, fire, firingRoots, type Conclusion } from '../../petri/fire.js'
import type { Json } from '../../petri/json.js'
import { effectRequest } from '../../petri/kinds/request.js'
import { isList, type TransitionState } from '../../petri/transition-state.js'
import { elementAddress, shown } from '../address.js'
import type { Address, Desk } from '../desk.js'
import { trialMarking, type Trial } from '../trial-marking.js'
import { anyData, placeParameter, transitionParameter } from '../parameter.js'
import { shorten } from '../listed-token.js'
import { Refusal, tool } from '../tool.js'

const MOST_TOKENS = 500

export const dryRunTransition = tool({
  name: 'DRY_RUN_TRANSITION',
  tier: 'read',
  touch: 'reads',
  description: 'Tries one firing in memory: what it would bind, the request it would make, and the tokens it would emit. Nothing happens: no token moves and no request is sent. Uses the tokens that lie there now unless you give some.',
  parameters: z.strictObject({
    transition: transitionParameter,
    tokens: z.array(z.strictObject({ place: placeParameter, data: anyData })).max(100).optional().describe('Tokens to try it with, instead of those that are there.'),
    result: z.unknown().optional().describe('Of http, command, llm and agent: a result to try the output arcs with.'),
  }),
  answer: z.object({
    scope: z.string(),
    enabled: z.boolean(),
    reason: z.string().describe('Why nothing binds, or what stands against the firing.'),
    binds: z.record(z.string(), z.unknown()).optional().describe('Variable -> what it would be.'),
    takes: z.array(z.string()).optional().describe('Tokens that it would take or read.'),
    request: z.unknown().optional().describe('What an executor would be asked for.'),
    emits: z.array(z.object({ place: z.string(), data: z.unknown() })).optional(),
    fault: z.object({ code: z.string(), message: z.string() }).optional(),
  }),
  async run({ transition: text, tokens, result }, desk) {
    const address = elementAddress(desk, text, 'transition')
    const transition = await desk.nets.transition(address)
    if (transition.kind === 'link') throw new Refusal('not-runnable', `${text} is a link: it never fires`, 'GET_LINKED_PLACES walks links')
    const trials = tokens === undefined ? await lying(desk, address) : await given(desk, address.session, tokens as readonly { place: string; data: Json }[])
    const now = Date.now()
    const { program, marking } = trialMarking(address.session, (await desk.nets.nets(address.session)).values(), trials, now)
    const state = marking.transitions.get(`${address.net}/${address.element}`)!
    const scope = `${shown(address)} with ${trials.length} ${tokens === undefined ? 'tokens that lie there' : 'given tokens'}`
    if (!state.program.runnable) return { scope, enabled: false, reason: state.program.net.stalled.find((one) => one.transition === address.element)?.message ?? 'it cannot run yet' }
    if (!enable(state, () => true)) return { scope, enabled: false, reason: 'no tokens bind all of its inputs; DIAGNOSE_TRANSITION counts them input by input' }
    const roots = firingRoots(state.roots, state.program, { event: 1, at: now, revision: 'trial', attempt: 1, correlationId: 'trial' })
    const told = { scope, enabled: true, reason: '', binds: bindsOf(state), takes: takesOf(state) }
    if (state.program.pure) return { ...told, ...conclusion(fire(program, state.program, roots), address.session) }
    try {
      const request = effectRequest(state.program.transition, roots)
      if (result === undefined) return { ...told, request: shorten(request as unknown as Json)[0], reason: 'give `result` to see what it would emit' }
      return { ...told, request: shorten(request as unknown as Json)[0], ...conclusion(conclude(program, state.program, roots, result as Json), address.session) }
    } catch (error) {
      return { ...told, ...conclusion(failure(error, 1), address.session) }
    }
  },
})

/** The tokens in the places that a transition has inputs from. */
export async function lying(desk: Desk, address: Address): Promise<Trial[]> {
  const transition = await desk.nets.transition(address)
  const found: Trial[] = []
  for (const at of new Set(transition.inputs.map((arc) => arc.address))) {
    const [net, element] = at.split('/') as [string, string]
    const { tokens } = await desk.tokens.list({ session: address.session, net, element }, { limit: MOST_TOKENS })
    found.push(...tokens.map((token) => ({ place: at, data: token.data, token })))
  }
  return found
}

async function given(desk: Desk, session: string, tokens: readonly { place: string; data: Json }[]): Promise<Trial[]> {
  return await Promise.all(tokens.map(async ({ place, data }) => {
    const address = elementAddress(desk, place)
    if (address.session !== session) throw new Refusal('bad-parameters', `tokens: ${place} is of another session than the transition`, `give places of session ${session}`)
    return { place: (await desk.nets.place(address)).address, data }
  }))
}

function bindsOf(state: TransitionState): Record<string, Json> {
  const variables = state.program.inputs.flatMap((input, nth) => (input.arc.mode === 'inhibit' ? [] : [[input.arc.variable, shorten(state.data[nth] ?? null)[0]] as const]))
  return Object.fromEntries(variables)
}

function takesOf(state: TransitionState): string[] {
  return state.program.inputs.flatMap((input, nth) => {
    const bound = state.bound[nth]
    if (bound === null || bound === undefined) return []
    return (isList(bound) ? bound : [bound]).map((token) => `${input.arc.mode} ${input.arc.address} ${(token.meta() as { id: string }).id}`)
  }).slice(0, 100)
}

function conclusion(made: Conclusion, session: string): { emits?: { place: string; data: Json }[]; fault?: { code: string; message: string }; reason?: string } {
  if (!made.ok) return { fault: { code: made.fault.code, message: made.fault.message }, reason: 'the firing would fail' }
  return { emits: made.products.slice(0, 100).map(({ place, sends, data }) => ({ place: sends ?? `${session}/${place}`, data: shorten(data)[0] })), reason: made.dropped ? 'the result would be dropped' : '' }
}
