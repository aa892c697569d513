import type { Transition } from '../net.js'
import type { Flaw, Rule } from './rule.js'

export const endlessFiring: Rule = {
  code: 'endless-firing',
  level: 'error',
  explanation: 'A transition that consumes nothing for certain and has no schedule could fire for ever, as fast as the engine goes.',
  *check({ net }): Iterable<Flaw> {
    for (const transition of Object.values(net.transitions)) {
      if (transition.kind === 'link' || transition.schedule || bound(transition)) continue
      yield { path: ['transitions', transition.name], ...reason(transition) }
    }
  },
}

function bound(transition: Transition): boolean {
  return transition.inputs.some((arc) => arc.mode === 'consume' && !arc.optional && !(arc.take.form === 'exactly' && arc.take.n === 0))
}

function reason(transition: Transition): Pick<Flaw, 'message' | 'remedy'> {
  const consuming = transition.inputs.filter((arc) => arc.mode === 'consume')
  if (transition.inputs.length === 0) return {
    message: 'This transition has no input and no schedule.',
    remedy: 'Give it an input that it consumes, or a schedule such as {every: 5m}.',
  }
  if (consuming.length === 0) {
    return {
      message: 'This transition only reads, so nothing ever stops it.',
      remedy: 'Set mode: consume on the input that is its work, or give it a schedule such as {every: 5m}.',
    }
  }
  return {
    message: 'Every input that this transition consumes may be absent, so nothing ever stops it.',
    remedy: 'Make one of the consumed inputs required, or give it a schedule such as {every: 5m}.',
  }
}
