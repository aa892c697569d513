import type { InputArc, OutputArc, Take, Transition } from '../petri/net.js'
import { duration } from './age.js'
import { yamlText } from './yaml-text.js'

/** A transition's inscription as YAML, near to how its file says it; what is at its default stays unsaid. */
export function inscriptionLines(transition: Transition): string[] {
  const value: Record<string, unknown> = { kind: transition.kind }
  value['in'] = Object.fromEntries(transition.inputs.map((arc) => [arc.variable, input(arc)]))
  if (transition.action !== null && Object.keys(transition.action).length > 0) value['do'] = transition.action
  value['out'] = outputs(transition.outputs)
  if (transition.drop !== undefined) value['drop'] = transition.drop
  if (transition.schedule) value['schedule'] = 'every' in transition.schedule ? { ...transition.schedule, every: duration(transition.schedule.every) } : transition.schedule
  if (transition.retry.attempts > 1) value['retry'] = { attempts: transition.retry.attempts, backoff: transition.retry.backoff.map(duration).join('..') }
  if (transition.kind !== 'pass' && transition.kind !== 'map' && transition.kind !== 'link') {
    value['timeout'] = duration(transition.timeout)
    value['concurrency'] = transition.concurrency
  }
  if (transition.rate) value['rate'] = { limit: `${transition.rate.limit}/${duration(transition.rate.window)}`, ...(transition.rate.per === undefined ? {} : { per: transition.rate.per }) }
  if (Object.keys(transition.executor).length > 0) value['executor'] = { labels: transition.executor }
  if (Object.keys(transition.credentials).length > 0) value['credentials'] = transition.credentials
  if (transition.budget) value['budget'] = transition.budget
  if (transition.approval) value['approval'] = transition.approval
  if (transition.cost !== undefined) value['cost'] = transition.cost
  return yamlText(value).split('\n')
}

function input(arc: InputArc): unknown {
  const value: Record<string, unknown> = { from: arc.from }
  if (arc.mode !== 'consume') value['mode'] = arc.mode
  if (arc.where !== undefined) value['where'] = arc.where
  if (arc.orderBy !== undefined) value['orderBy'] = arc.orderBy
  if (arc.take.form !== 'one') value['take'] = take(arc.take)
  if (arc.optional) value['optional'] = true
  if (arc.otherwise) value['otherwise'] = true
  if (arc.after !== undefined) value['after'] = typeof arc.after === 'number' ? duration(arc.after) : arc.after
  return Object.keys(value).length === 1 ? arc.from : value
}

function take(form: Take): unknown {
  return form.form === 'exactly' ? form.n : form.form === 'upTo' ? { upTo: form.n } : form.form
}

function outputs(arcs: readonly OutputArc[]): unknown {
  const places = new Map<string, unknown[]>()
  for (const arc of arcs) places.set(arc.to, [...(places.get(arc.to) ?? []), output(arc)])
  return Object.fromEntries([...places].map(([place, list]) => [place, list.length === 1 ? list[0] : list]))
}

function output(arc: OutputArc): unknown {
  const value: Record<string, unknown> = {}
  if (arc.tools) value['emit'] = 'tools'
  else if (arc.emit !== '${result}') value['emit'] = arc.emit
  if (arc.each !== undefined) value['each'] = arc.each
  const condition = arc.when === 'always' ? '' : arc.when === 'otherwise' ? 'otherwise' : arc.when.condition
  const when = arc.on === 'error' ? (condition === '' ? 'error' : `error AND ${condition}`) : condition
  if (when !== '') value['when'] = when
  return value
}
