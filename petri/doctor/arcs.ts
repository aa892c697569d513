import type { InputArc, OutputArc, Transition } from '../net.js'
import type { Subject } from './subject.js'

export interface PlacedInput {
  readonly transition: Transition
  readonly arc: InputArc
  readonly path: readonly (string | number)[]
}

export interface PlacedOutput {
  readonly transition: Transition
  readonly arc: OutputArc
  readonly path: readonly (string | number)[]
}

/** Every input arc of the net and where it stands in the file; links have none that bind. */
export function* inputArcs({ net }: Pick<Subject, 'net'>): Iterable<PlacedInput> {
  for (const transition of Object.values(net.transitions)) {
    if (transition.kind === 'link') continue
    for (const arc of transition.inputs) yield { transition, arc, path: ['transitions', transition.name, 'in', arc.variable] }
  }
}

/** Every output arc of the net and where it stands in the file. */
export function* outputArcs({ net, file }: Pick<Subject, 'net' | 'file'>): Iterable<PlacedOutput> {
  for (const transition of Object.values(net.transitions)) {
    if (transition.kind === 'link') continue
    const ordinals = new Map<string, number>()
    for (const arc of transition.outputs) {
      const at = ordinals.get(arc.to) ?? 0
      ordinals.set(arc.to, at + 1)
      const listed = Array.isArray(file.transitions?.[transition.name]?.out?.[arc.to])
      yield { transition, arc, path: ['transitions', transition.name, 'out', arc.to, ...(listed ? [at] : [])] }
    }
  }
}
