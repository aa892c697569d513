import { z } from 'zod'
import { enable } from '../../petri/enable.js'
import { formatDuration } from '../../petri/duration.js'
import type { Transition } from '../../petri/net.js'
import { PURE_KINDS } from '../../petri/net.js'
import { nextTick } from '../../petri/schedule.js'
import { elementAddress, shown } from '../address.js'
import type { Address, Desk } from '../desk.js'
import { transitionParameter } from '../parameter.js'
import { trialMarking, type Trial } from '../trial-marking.js'
import { tool } from '../tool.js'
import { lying } from './dry-run-transition.js'
import { executorCheck, modelCheck } from './verify-runtime-bindings.js'

const reason = z.object({ layer: z.string(), message: z.string(), next: z.string().describe('What to do about it.') })
type Reason = z.infer<typeof reason>

export const diagnoseTransition = tool({
  name: 'DIAGNOSE_TRANSITION',
  tier: 'read',
  touch: 'reads',
  description: 'Answers why a transition does or does not fire: all that stands in its way, in the order in which to look at it, each with the next step.',
  parameters: z.strictObject({ transition: transitionParameter }),
  answer: z.object({
    scope: z.string(), fires: z.boolean().describe('Nothing stands in its way.'), reasons: z.array(reason),
    inputs: z.array(z.object({ variable: z.string(), place: z.string(), mode: z.string(), tokens: z.int(), free: z.int(), fits: z.int().describe('Free tokens for which its own condition holds.') })),
  }),
  async run({ transition: text }, desk) {
    const address = elementAddress(desk, text, 'transition')
    const transition = await desk.nets.transition(address)
    const trials = transition.kind === 'link' ? [] : await lying(desk, address)
    const inputs = await inputsOf(desk, address, trials)
    const reasons = [
      ...(await lifecycleReasons(desk, address, transition)), ...effectReasons(await desk.nets.transitionState(address), transition, shown(address)),
      ...(await bindingReasons(desk, address, transition, trials, inputs)), ...(await roomReasons(desk, address, transition)), ...(await outsideReasons(desk, transition)),
      ...(await failureReasons(desk, address)),
    ]
    return { scope: shown(address), fires: reasons.every((one) => one.layer === 'schedule' || one.layer === 'failures'), reasons, inputs }
  },
})

async function lifecycleReasons(desk: Desk, address: Address, transition: Transition): Promise<Reason[]> {
  if (transition.kind === 'link') return [{ layer: 'kind', message: 'it is a link, and links never fire', next: 'GET_LINKED_PLACES walks links; use a pass transition to move tokens' }]
  const found: Reason[] = []
  const net = await desk.nets.net(address.session, address.net)
  const stalled = net.stalled.find((one) => one.transition === address.element)
  if (stalled) found.push({ layer: 'net', message: stalled.message, next: 'change its inscription in your draft' })
  const state = await desk.nets.transitionState(address)
  if (state.state !== 'running') found.push({ layer: 'lifecycle', message: state.message || `it is ${state.state}`, next: `START_TRANSITION, or agenticos start ${shown(address)}` })
  else if (!state.ready) found.push({ layer: 'session', message: state.message, next: `agenticos describe session ${address.session}` })
  if (transition.schedule !== undefined) {
    const due = nextTick(transition.schedule, `${address.session}/${address.net}/${address.element}`, Date.now())
    found.push({ layer: 'schedule', message: due === undefined ? 'its schedule has no further tick' : `it fires once a tick, the next at ${new Date(due).toISOString()}`, next: 'wait for the tick, or FIRE_ONCE' })
  }
  return found
}

function effectReasons(state: { readonly running: number; readonly waiting: readonly string[] }, transition: Transition, name: string): Reason[] {
  const found: Reason[] = state.waiting.map((message) => ({ layer: 'effects', message, next: `agenticos get effects shows it; a budget is raised and an approval given by a proposal` }))
  if (!PURE_KINDS.has(transition.kind) && state.running >= transition.concurrency) {
    found.push({ layer: 'concurrency', message: `${state.running} firings of it run or wait, and ${transition.concurrency} may at a time`, next: `wait for one to end, or raise concurrency of ${name} in your draft` })
  }
  return found
}

interface Input {
  readonly variable: string
  readonly place: string
  readonly mode: string
  readonly tokens: number
  readonly free: number
  readonly fits: number
}

async function inputsOf(desk: Desk, address: Address, trials: readonly Trial[]): Promise<Input[]> {
  const { program } = trialMarking(address.session, (await desk.nets.nets(address.session)).values(), [], 0)
  return (program.transitions.get(`${address.net}/${address.element}`)?.inputs ?? []).map((input) => {
    const here = trials.filter((trial) => trial.place === input.arc.address)
    const free = here.filter(({ token }) => token?.state !== 'reserved')
    const fits = free.filter(({ data, token }) => input.wants({ data, meta: () => (token === undefined ? null : { id: token.id, place: token.place, createdAt: token.createdAt, producedBy: token.producedBy, correlationId: token.correlationId }) }))
    return { variable: input.arc.variable, place: `${address.session}/${input.arc.address}`, mode: input.arc.mode, tokens: here.length, free: free.length, fits: fits.length }
  })
}

async function bindingReasons(desk: Desk, address: Address, transition: Transition, trials: readonly Trial[], inputs: readonly Input[]): Promise<Reason[]> {
  const found: Reason[] = []
  transition.inputs.forEach((arc, nth) => {
    const input = inputs[nth]
    if (input === undefined || arc.optional) return
    const where = arc.where === undefined ? '' : ` for which ${arc.where} holds`
    if (arc.mode === 'inhibit') {
      if (input.fits > 0 && (arc.where === undefined || !arc.where.includes('${'))) found.push({ layer: 'inputs', message: `${arc.variable}: ${input.fits} tokens in ${input.place}${where} inhibit it`, next: 'it fires when they are gone' })
    } else if (input.tokens === 0) found.push({ layer: 'inputs', message: `${arc.variable}: no token lies in ${input.place}`, next: `CREATE_TOKEN, or see what should put one there: GET_PLACE_CONNECTIONS ${input.place}` })
    else if (input.free === 0) found.push({ layer: 'inputs', message: `${arc.variable}: all ${input.tokens} tokens in ${input.place} are held by running firings`, next: 'wait for those firings: agenticos get effects' })
    else if (input.fits === 0) found.push({ layer: 'guard', message: `${arc.variable}: none of ${input.free} free tokens in ${input.place} fits${where}`, next: `QUERY_TOKENS ${input.place} shows them; correct the token or the condition` })
  })
  if (found.length > 0 || transition.kind === 'link') return found
  const { marking } = trialMarking(address.session, (await desk.nets.nets(address.session)).values(), trials, Date.now())
  const state = marking.transitions.get(`${address.net}/${address.element}`)
  if (state?.program.runnable && !enable(state, () => true)) {
    return [{ layer: 'guard', message: 'each input has tokens that fit, but no choice of them fits together', next: 'look at conditions that name other variables, at take, and at after: DRY_RUN_TRANSITION with tokens of your own shows what would bind' }]
  }
  return []
}

async function roomReasons(desk: Desk, address: Address, transition: Transition): Promise<Reason[]> {
  const [nets, counts] = [await desk.nets.nets(address.session), await desk.nets.counts(address.session)]
  const found: Reason[] = []
  for (const at of new Set(transition.outputs.filter((arc) => arc.on === 'success' && arc.sends === undefined).map((arc) => arc.address))) {
    const [net = '', name = ''] = at.split('/')
    const capacity = nets.get(net)?.places[name]?.capacity
    const tokens = counts.get(at)?.tokens ?? 0
    const freed = transition.inputs.some((arc) => arc.address === at && arc.mode === 'consume')
    if (capacity !== undefined && tokens >= capacity && !freed) found.push({ layer: 'capacity', message: `${address.session}/${at} is full: ${tokens} of ${capacity}`, next: 'it fires when a token there is taken; see who takes them: GET_PLACE_CONNECTIONS' })
  }
  const { rate } = transition
  if (rate !== undefined) found.push({ layer: 'schedule', message: `its rate is ${rate.limit} in ${formatDuration(rate.window)}${rate.per === undefined ? '' : ` for each ${rate.per}`}: a firing beyond it waits`, next: 'wait, or raise rate in your draft' })
  return found
}

async function outsideReasons(desk: Desk, transition: Transition): Promise<Reason[]> {
  if (PURE_KINDS.has(transition.kind)) return []
  const found: Reason[] = []
  const executor = await executorCheck(desk, transition)
  if (!executor.ok) found.push({ layer: 'executor', message: executor.message, next: 'agenticos get executors; docs/executors.md' })
  if (transition.kind === 'llm' || transition.kind === 'agent') {
    const model = await modelCheck(desk, transition.action?.['model'])
    if (!model.ok) found.push({ layer: 'model', message: model.message, next: 'agenticos get models; docs/models.md' })
  }
  return found
}

async function failureReasons(desk: Desk, address: Address): Promise<Reason[]> {
  const { failed } = await desk.nets.transitionState(address)
  if (failed === 0) return []
  const { tokens } = await desk.tokens.list({ ...address, element: '_failed' }, { arcql: `WHERE $.transition == ${JSON.stringify(`${address.net}/${address.element}`)} OR $.transition == ${JSON.stringify(address.element)} ORDER BY $_.createdAt DESC`, limit: 1 })
  const last = tokens[0] === undefined ? '' : `; the last: ${JSON.stringify((tokens[0].data as { error?: unknown }).error ?? '').slice(0, 400)}`
  return [{ layer: 'failures', message: `${failed} dead letters of it lie in ${address.session}/${address.net}/_failed${last}`, next: 'correct the cause, then agenticos retry' }]
}
