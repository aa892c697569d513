import { nearest } from '../nearest.js'
import type { Elements } from './element.js'
import type { Arc, Node, Skeleton } from './skeleton.js'

/** An arc with the nodes it joins in the end, reference nodes followed. */
export interface Joined {
  readonly arc: Arc
  readonly from: Node
  readonly to: Node
  /** reference nodes it stands at, where it does */
  readonly source: string | undefined
  readonly target: string | undefined
}

/** Follows references and arcs to their nodes; what leads nowhere is a fault and left out. */
export function resolve(net: Skeleton, elements: Elements): Joined[] {
  const nodes = new Map(net.nodes.map((node) => [node.id, node]))
  const references = new Map(net.references.map((reference) => [reference.id, reference]))
  const ends = new Map<string, Node>()
  for (const reference of net.references) {
    const end = ends.get(reference.id) ?? follow(reference.id)
    if (!end) continue
    if (end.kind !== reference.kind) elements.fault(reference.at, 'dangling-reference', `the reference ${reference.kind} "${reference.id}" stands for a ${end.kind}`, `point it at a ${reference.kind}`)
  }

  function follow(id: string): Node | undefined {
    const seen = new Set<string>()
    let here = id
    for (let reference = references.get(here); reference; reference = references.get(here)) {
      if (ends.has(here)) break
      if (seen.has(here)) {
        elements.fault(reference.at, 'dangling-reference', `the reference "${id}" leads back to itself`, 'point it at a node')
        return undefined
      }
      seen.add(here)
      here = reference.ref
    }
    const node = nodes.get(here) ?? ends.get(here)
    if (node) for (const id of seen) ends.set(id, node)
    const at = references.get(id)
    if (!node && at) elements.fault(at.at, 'dangling-reference', `the reference "${id}" stands for "${here}", which is nowhere`, hint(here))
    return node
  }

  function hint(id: string): string {
    const near = elements.faults.length < 20 ? nearest(id, nodes.keys()) : undefined
    return near === undefined ? 'point it at the id of a node' : `did you mean "${near}"?`
  }

  const joined: Joined[] = []
  let across = 0
  for (const arc of net.arcs) {
    const from = nodes.get(arc.source) ?? ends.get(arc.source)
    const to = nodes.get(arc.target) ?? ends.get(arc.target)
    for (const [end, word, node] of [[arc.source, 'source', from], [arc.target, 'target', to]] as const) {
      if (!node && !references.has(end)) elements.fault(arc.at, 'dangling-arc', `the ${word} of the arc "${arc.id}" is "${end}", which is nowhere`, hint(end))
    }
    if (!from || !to) continue
    if (from.kind === to.kind) {
      elements.fault(arc.at, 'arc-ends', `the arc "${arc.id}" joins the ${from.kind}s "${arc.source}" and "${arc.target}"`, 'an arc joins a place and a transition')
      continue
    }
    const apart = (end: string): boolean => (nodes.get(end) ?? references.get(end))?.page !== arc.page
    if ((apart(arc.source) || apart(arc.target)) && ++across === 1) {
      elements.fault(arc.at, 'arc-across-pages', `the arc "${arc.id}" ends on another page`, 'it is read; put a reference node on its page to be standard', 'warning')
    }
    const reference = (end: string): string | undefined => (nodes.has(end) ? undefined : end)
    joined.push({ arc, from, to, source: reference(arc.source), target: reference(arc.target) })
  }
  return joined
}
