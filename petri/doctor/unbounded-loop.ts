import { PURE_KINDS, type Net, type Transition } from '../net.js'
import { components } from './components.js'
import type { Flaw, Rule } from './rule.js'

export const unboundedLoop: Rule = {
  code: 'unbounded-loop',
  level: 'warning',
  explanation: 'A token goes round a circle of transitions that are done at once and ask nothing, until `limits.depth` dead-letters it as loop-limit.',
  *check({ net }): Iterable<Flaw> {
    const eager = Object.values(net.transitions).filter(isEager)
    const consumers = consumersOf(net)
    for (const circle of components(eager.map((transition) => transition.name), followers(net, eager))) {
      const members = new Set(circle)
      const produced = new Set(circle.flatMap((name) => net.transitions[name]!.outputs.map((arc) => arc.to)))
      // A transition that also needs a token from outside the circle fires only as often as one comes.
      const closed = circle.filter((name) => net.transitions[name]!.inputs.every((arc) => arc.mode !== 'consume' || produced.has(arc.from)))
      if (closed.length !== circle.length || shrinks(net, circle, produced) || rivalled(net, members, consumers)) continue
      const names = circle.length > 5 ? `${circle.slice(0, 5).join(', ')} and ${circle.length - 5} more` : circle.join(', ')
      yield {
        path: ['transitions', circle[0]!],
        message: circle.length === 1 ? `${names} feeds itself without end.` : `A token goes round ${names} without end.`,
        remedy: 'Give one of the circle a where that fails one day (a count), a schedule, or a further input that it uses up.',
      }
    }
  },
}

/** Done at once, on any token, always with its tokens out. */
function isEager(transition: Transition): boolean {
  return PURE_KINDS.has(transition.kind) && transition.kind !== 'link' && !transition.schedule && !transition.rate && !transition.approval && transition.drop === undefined
    && transition.inputs.every((arc) => arc.where === undefined && !arc.otherwise && arc.after === undefined && arc.mode !== 'inhibit' && !arc.optional)
}

/** Eager transitions that take from where another one surely puts. */
function followers(net: Net, eager: readonly Transition[]): (name: string) => readonly string[] {
  const takers = new Map<string, string[]>()
  for (const transition of eager) {
    for (const arc of transition.inputs) {
      if (arc.mode !== 'consume') continue
      const list = takers.get(arc.from)
      if (list) list.push(transition.name)
      else takers.set(arc.from, [transition.name])
    }
  }
  return (name) => net.transitions[name]!.outputs.flatMap((arc) => (arc.on === 'success' && arc.when === 'always' && arc.each === undefined ? (takers.get(arc.to) ?? []) : []))
}

/** Whether the circle takes more tokens than it gives back, and so comes to an end. */
function shrinks(net: Net, circle: readonly string[], produced: ReadonlySet<string>): boolean {
  let balance = 0
  for (const name of circle) {
    const { inputs, outputs } = net.transitions[name]!
    for (const arc of inputs) {
      if (arc.mode !== 'consume') continue
      balance -= arc.take.form === 'exactly' && typeof arc.take.n === 'number' ? arc.take.n : 1
    }
    balance += outputs.filter((arc) => produced.has(arc.to) && arc.on === 'success').length
  }
  return balance < 0
}

/** Whether somebody outside the circle may take its tokens away. */
function rivalled(net: Net, members: ReadonlySet<string>, consumers: ReadonlyMap<string, readonly string[]>): boolean {
  return [...members].some((member) => net.transitions[member]!.inputs.some((arc) => arc.mode === 'consume' && consumers.get(arc.from)!.some((name) => !members.has(name))))
}

function consumersOf(net: Net): ReadonlyMap<string, readonly string[]> {
  const consumers = new Map<string, string[]>()
  for (const transition of Object.values(net.transitions)) {
    for (const arc of transition.inputs) {
      if (arc.mode !== 'consume') continue
      const list = consumers.get(arc.from)
      if (list) list.push(transition.name)
      else consumers.set(arc.from, [transition.name])
    }
  }
  return consumers
}
