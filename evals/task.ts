import type { Json } from '../petri/json.js'
import type { Kind, Net } from '../petri/net.js'

/** What a place should hold in the end: these tokens and no others, in any order. An expected object may leave keys out. */
export type Expected = readonly Json[] | ((tokens: readonly Json[]) => string | undefined)

/** Tokens in, transitions fired by hand (schedules), tokens out. */
export interface Run {
  readonly put?: Readonly<Record<string, readonly Json[]>>
  /** transitions to fire once, in order, after the tokens are in: those that wait for a schedule */
  readonly fire?: readonly string[]
  readonly then: Readonly<Record<string, Expected>>
}

/** One thing a person might ask for, and how to tell whether they got it. */
export interface Task {
  readonly name: string
  /** `{fixture}` stands for the address of the fixture server */
  readonly prompt: string
  /** the net that is to be there afterwards */
  readonly net: string
  /** a net that does it, without its first lines: what the scripted model builds, and the proof that the task can be done */
  readonly reference: string
  /** the net as it stands before, without its first lines, where a change is asked for */
  readonly before?: string
  /** complaints about the structure; empty when it is as it should be */
  readonly shape: readonly ((net: Net) => string | undefined)[]
  readonly runs: readonly Run[]
  /** answers of the scripted model to llm and agent transitions of the built net, by what their prompt contains */
  readonly answers?: Readonly<Record<string, string>>
}

/** At least so many transitions of a kind. */
export function uses(kind: Kind, least = 1): (net: Net) => string | undefined {
  return (net) => {
    const found = Object.values(net.transitions).filter((transition) => transition.kind === kind).length
    return found >= least ? undefined : `it has ${found} ${kind} transitions, and ${least} are needed`
  }
}

/** No transition of these kinds: the task can be done without. */
export function without(...kinds: readonly Kind[]): (net: Net) => string | undefined {
  return (net) => {
    const found = Object.values(net.transitions).find((transition) => kinds.includes(transition.kind))
    return found === undefined ? undefined : `${found.name} is a ${found.kind} transition, which this does not need`
  }
}

/** Some transition for which it holds. */
export function some(what: string, holds: (transition: Net['transitions'][string]) => boolean): (net: Net) => string | undefined {
  return (net) => (Object.values(net.transitions).some(holds) ? undefined : `no transition ${what}`)
}

/** Some place for which it holds. */
export function place(what: string, holds: (place: Net['places'][string]) => boolean): (net: Net) => string | undefined {
  return (net) => (Object.values(net.places).some(holds) ? undefined : `no place ${what}`)
}

/** Some input arc for which it holds. */
export function arc(what: string, holds: (input: Net['transitions'][string]['inputs'][number]) => boolean): (net: Net) => string | undefined {
  return some(`has an input that ${what}`, (transition) => transition.inputs.some(holds))
}
