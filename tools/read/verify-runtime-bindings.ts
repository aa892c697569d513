import { z } from 'zod'
import { PURE_KINDS } from '../../petri/net.js'
import { nearest } from '../../petri/nearest.js'
import { elementAddress, shown } from '../address.js'
import type { Desk } from '../desk.js'
import { transitionParameter } from '../parameter.js'
import { tool } from '../tool.js'

const check = z.object({ what: z.string(), name: z.string(), ok: z.boolean(), message: z.string() })
type Check = z.infer<typeof check>

export const verifyRuntimeBindings = tool({
  name: 'VERIFY_RUNTIME_BINDINGS',
  tier: 'read',
  touch: 'reads',
  description: 'Checks that everything a transition leans on is there now: its places, an executor that fits, its credentials, its model.',
  parameters: z.strictObject({ transition: transitionParameter }),
  answer: z.object({ scope: z.string(), ok: z.boolean(), checks: z.array(check) }),
  async run({ transition: text }, desk) {
    const address = elementAddress(desk, text, 'transition')
    const transition = await desk.nets.transition(address)
    const nets = await desk.nets.nets(address.session)
    const there = (at: string): boolean => {
      const [net = '', place = ''] = at.split('/')
      const found = nets.get(net)
      return found !== undefined && (place === '_failed' || Object.hasOwn(found.places, place))
    }
    const places = [...new Set([...transition.inputs.map((arc) => arc.address), ...transition.outputs.map((arc) => arc.address)])]
    const checks: Check[] = places.map((name) => ({ what: 'place', name: `${address.session}/${name}`, ok: there(name), message: there(name) ? 'it is there' : 'it is gone: shares point to a place that no net has' }))
    for (const arc of transition.outputs) if (arc.sends !== undefined) checks.push({ what: 'place', name: arc.sends, ok: true, message: 'tokens are sent there; the other session decides whether it takes them' })
    if (!PURE_KINDS.has(transition.kind)) checks.push(await executorCheck(desk, transition))
    for (const [name, source] of Object.entries(transition.credentials)) {
      checks.push({ what: 'credential', name, ok: true, message: `${source}: the executor alone reads it, and says so when it is missing` })
    }
    if (transition.kind === 'llm' || transition.kind === 'agent') checks.push(await modelCheck(desk, transition.action?.['model']))
    return { scope: shown(address), ok: checks.every((one) => one.ok), checks }
  },
})

/** Whether an executor that is ready takes this kind and carries all labels. */
export async function executorCheck(desk: Desk, { kind, executor: labels }: { readonly kind: string; readonly executor: Readonly<Record<string, string>> }): Promise<Check> {
  const all = await desk.nets.executors()
  const ready = all.filter((one) => one.state === 'ready')
  const able = ready.filter((one) => one.kinds.includes(kind))
  const wanted = Object.entries(labels).map(([key, value]) => `${key}=${value}`).join(', ')
  const fit = able.filter((one) => Object.entries(labels).every(([key, value]) => one.labels[key] === value))
  const name = wanted === '' ? kind : `${kind} with ${wanted}`
  if (fit.length > 0) return { what: 'executor', name, ok: true, message: `${fit.map((one) => one.name).slice(0, 5).join(', ')} ${fit.length === 1 ? 'fits' : 'fit'}` }
  if (ready.length === 0) return { what: 'executor', name, ok: false, message: all.length === 0 ? 'no executor was ever registered: start one with agenticos executor' : 'no executor is ready: start one with agenticos executor' }
  if (able.length === 0) return { what: 'executor', name, ok: false, message: `no ready executor does ${kind} work` }
  return { what: 'executor', name, ok: false, message: `no ready executor carries ${wanted}; they carry ${[...new Set(able.flatMap((one) => Object.entries(one.labels).map(([key, value]) => `${key}=${value}`)))].slice(0, 20).join(', ') || 'no labels'}` }
}

/** Whether the model that an inscription names is in models.yaml. */
export async function modelCheck(desk: Desk, named: unknown): Promise<Check> {
  const known = (await desk.nets.models()).map((one) => one.name)
  const name = typeof named === 'string' ? named : 'the default'
  if (known.length === 0) return { what: 'model', name, ok: false, message: 'models.yaml names no model: add one by a proposal' }
  if (typeof named !== 'string' || named.includes('${')) return { what: 'model', name, ok: true, message: `chosen when it fires, among ${known.join(', ')}` }
  if (known.includes(named) || named === 'fast' || named === 'thinking') return { what: 'model', name, ok: true, message: 'models.yaml has it' }
  const near = nearest(named, known)
  return { what: 'model', name, ok: false, message: `models.yaml has no ${named}; ${near === undefined ? `it has ${known.join(', ')}` : `did you mean ${near}?`}` }
}
