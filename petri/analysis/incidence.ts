import type { Address, InputArc, Net, OutputArc, Transition } from '../net.js'

/**
 * What firings that succeed may change, as a matrix: `effects[e]` gives tokens added (or taken) at places by index. A
 * transition whose every firing does the same has one effect; each part that depends on data (optional, take: all, when,
 * each, drop) is an effect of its own, so that what is constant under all of them is constant in truth.
 */
export interface Incidence {
  readonly places: readonly Address[]
  readonly effects: readonly { readonly transition: string; readonly change: ReadonlyMap<number, number> }[]
  /** whether there is exactly one effect a transition: the net is a P/T net, weights and all */
  readonly exact: boolean
}

/** Of nets that live together: places by address, one for all nets that share it. Links and places that send hold nothing. */
export function incidenceOf(nets: readonly Net[]): Incidence {
  const index = new Map<Address, number>()
  for (const net of nets) for (const place of Object.values(net.places)) if (place.sends === undefined) at(index, place.address)
  const effects: Incidence['effects'][number][] = []
  let exact = true
  for (const net of nets) {
    for (const transition of Object.values(net.transitions)) {
      if (transition.kind === 'link') continue
      const changes = changesOf(transition).map((change) => new Map([...change].map(([address, by]) => [at(index, address), by])))
      exact &&= changes.length === 1
      for (const change of changes) effects.push({ transition: `${net.name}/${transition.name}`, change })
    }
  }
  return { places: [...index.keys()], effects, exact }
}

function at(index: Map<Address, number>, address: Address): number {
  let found = index.get(address)
  if (found === undefined) index.set(address, (found = index.size))
  return found
}

type Change = Map<Address, number>

function changesOf(transition: Transition): Change[] {
  const always: Change = new Map()
  const outputs: Change = transition.drop === undefined ? always : new Map()
  const sometimes: Change[] = []
  for (const arc of transition.inputs) {
    if (arc.mode !== 'consume') continue
    const count = arc.optional ? undefined : fixed(arc)
    if (count === undefined) sometimes.push(new Map([[arc.address, -1]]))
    else add(always, arc.address, -count)
  }
  for (const arc of transition.outputs) {
    if (arc.on === 'error' || arc.sends !== undefined) continue
    if (isCertain(arc)) add(outputs, arc.address, 1)
    else sometimes.push(new Map([[arc.address, 1]]))
  }
  return outputs === always ? [always, ...sometimes] : [always, outputs, ...sometimes]
}

/** How many tokens the arc takes in each firing, when that is always the same. */
function fixed(arc: InputArc): number | undefined {
  if (arc.take.form === 'one') return 1
  return arc.take.form === 'exactly' && typeof arc.take.n === 'number' ? arc.take.n : undefined
}

function isCertain(arc: OutputArc): boolean {
  return arc.when === 'always' && arc.each === undefined && !arc.tools
}

function add(change: Change, address: Address, by: number): void {
  change.set(address, (change.get(address) ?? 0) + by)
}
