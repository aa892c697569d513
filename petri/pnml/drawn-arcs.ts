import type { InputFile, OutputFile, TransitionFile } from '../inscription.js'
import type { Json, JsonObject } from '../json.js'
import type { NetFile } from '../language.js'
import { sameJson } from '../yaml/same.js'
import { beside, drawnInput, isPlainOutput, outputWeight, plainInput, type DrawnInput } from './arcs.js'
import { fragments, labelled } from './fragments.js'
import type { ForeignArc } from './foreign.js'
import type { Ids } from './ids.js'
import { variableFor } from './names.js'
import type { Arc } from './skeleton.js'

/** The arcs that show a net's inputs and outputs. */
export class DrawnArcs {
  readonly drawn: Arc[] = []
  private readonly net: NetFile
  private readonly ids: Ids
  private readonly page: (id: string | undefined) => string
  /** arcs drawn so far between two nodes, by `from > to` */
  private readonly counts = new Map<string, number>()

  constructor(net: NetFile, ids: Ids, page: (id: string | undefined) => string) {
    this.net = net
    this.ids = ids
    this.page = page
  }

  /** Draws a transition's arcs; gives what no arc can say, for our JSON on the transition. */
  of(name: string, transition: TransitionFile): JsonObject {
    const inputs = Object.entries(transition.in ?? {})
    const drawn = inputs.map(([variable, input]) => drawnInput(this.net, transition, variable, input))
    const hidden = inputs.filter((_, index) => !drawn[index])
    const plain = hidden.length === 0 && allPlain(inputs, drawn)
    inputs.forEach(([variable, input], index) => {
      const arc = drawn[index]
      if (arc) this.input(name, variable, input, arc, plain)
    })
    const outputs = Object.entries(transition.out ?? {})
    const shown = outputs.filter(([place]) => transition.kind !== 'link' && Object.hasOwn(this.net.places ?? {}, place))
    for (const [place, output] of shown) this.output(name, place, output)
    const unshown = outputs.filter(([place]) => !shown.some(([other]) => other === place))
    return {
      ...(hidden.length > 0 || (transition.in && inputs.length === 0) ? { in: Object.fromEntries(hidden) as JsonObject } : {}),
      ...(plain || inputs.length < 2 ? {} : { order: inputs.map(([variable]) => variable) }),
      ...(unshown.length > 0 || (transition.out && outputs.length === 0) ? { out: Object.fromEntries(unshown) as JsonObject } : {}),
    }
  }

  private input(transition: string, variable: string, input: InputFile, { place, weight, read }: DrawnInput, plain: boolean): void {
    const with_ = beside(input)
    const own = plain ? undefined : { variable, ...(with_ === undefined ? {} : { with: with_ }) }
    this.arc([place, transition], `in.${transition}.${variable}`, weight, own)
    if (read) this.arc([transition, place], `back.${transition}.${variable}`, weight, { back: variable })
  }

  private output(transition: string, place: string, output: OutputFile): void {
    const weight = outputWeight(output)
    if (!isPlainOutput(output)) return this.arc([transition, place], `out.${transition}.${place}`, weight, { out: output as Json })
    const pair = `${transition} > ${place}`
    const kept = (this.net.foreign?.pnml?.arcs?.[pair] ?? []).slice(this.counts.get(pair) ?? 0)
    // several arcs of another tool that together still put as many tokens
    const several = kept.length > 1 && kept.reduce((sum, arc) => sum + (arc.weight ?? 1), 0) === weight
    if (several) for (const arc of kept) this.arc([transition, place], arc.id, arc.weight ?? 1, undefined)
    else this.arc([transition, place], `out.${transition}.${place}`, weight, undefined)
  }

  private arc([from, to]: readonly [string, string], id: string, weight: number, own: JsonObject | undefined): void {
    const pair = `${from} > ${to}`
    const index = this.counts.get(pair) ?? 0
    this.counts.set(pair, index + 1)
    const arcs = this.net.foreign?.pnml?.arcs
    const kept: ForeignArc | undefined = arcs && Object.hasOwn(arcs, pair) ? arcs[pair]?.[index] : undefined
    this.drawn.push({
      id: this.ids.arc(kept?.id, id),
      source: this.end(kept?.source, from),
      target: this.end(kept?.target, to),
      page: this.page(kept?.page),
      weight,
      inhibitor: false,
      name: kept && labelled(kept),
      inscription: fragments(kept?.inscription),
      graphics: fragments(kept?.graphics),
      own,
      xml: fragments(kept?.xml, 'part'),
      at: { line: 1, column: 1 },
    })
  }

  private end(reference: string | undefined, node: string): string {
    return reference !== undefined && this.ids.reference(reference, this.ids.node(node)) ? reference : this.ids.node(node)
  }
}

/** A reader would make the very same inputs out of bare arcs. */
function allPlain(inputs: readonly (readonly [string, InputFile])[], drawn: readonly (DrawnInput | undefined)[]): boolean {
  const taken = new Set<string>()
  const next = new Map<string, number>()
  return inputs.every(([variable, input], index) => {
    const { place, weight, read } = drawn[index]!
    return !read && variableFor(place, taken, next) === variable && sameJson(input as Json, plainInput(place, weight) as Json)
  })
}
