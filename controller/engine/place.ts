import { LiveToken } from '../../petri/live-token.js'
import type { Fault, Product } from '../../petri/fire.js'
import { formatTokenId, type TokenId } from '../../petri/token.js'
import type { PlaceState } from '../../petri/place-state.js'
import type { Batch } from './batch.js'
import type { Own } from './own.js'

/** How products go into their places, decided before anything changes. */
export interface Placement {
  readonly products: readonly Product[]
  /** products that a key rule ignores, by index */
  readonly ignored: ReadonlySet<number> | undefined
  /** tokens that a key rule replaces */
  readonly replaced: readonly { readonly id: TokenId; readonly place: PlaceState }[]
}
export type Placing = { readonly placement: Placement } | { readonly full: PlaceState } | { readonly fault: Fault }

/** What a put or a firing brings along that outlives it. */
export interface Birth {
  readonly by: string
  readonly parents: readonly TokenId[]
  readonly depth: number
  readonly correlationId: string
}

/**
 * Judges products by key and capacity, after the firing's own consumption. `slots`: places where it holds a promise.
 * `limitless`: error arcs and dead letters know no capacity.
 */
export function judge(own: Own, products: readonly Product[], consumed: readonly LiveToken[], slots: Readonly<Record<string, number>>, limitless: boolean): Placing {
  let ignored: Set<number> | undefined
  let replaced: { id: TokenId; place: PlaceState }[] | undefined
  let needs: Map<PlaceState, number> | undefined
  let fresh: Set<string> | undefined
  for (const [index, product] of products.entries()) {
    if (product.sends !== undefined) continue
    const place = own.marking.places.get(product.place)
    if (place === undefined) return { fault: { code: 'place-gone', message: `the place ${product.place} is not in the net any more`, attempts: 1, detail: null } }
    const { capacity, onDuplicate } = place.program.place
    if (place.keys) {
      const key = place.keyOf(product.data)!
      const other = place.keys.get(key)
      const taken = other !== undefined && !consumed.some((token) => token.id === other) && !replaced?.some((one) => one.id === other)
      const twice = fresh?.has(`${product.place}\n${key}`) ?? false
      if (taken || twice) {
        if (onDuplicate === 'ignore') {
          ;(ignored ??= new Set()).add(index)
          continue
        }
        if (onDuplicate === 'refuse' || twice) {
          return { fault: { code: 'duplicate', message: `${product.place} holds a token with this key already`, attempts: 1, detail: product.data } }
        }
        ;(replaced ??= []).push({ id: other!, place })
      }
      ;(fresh ??= new Set()).add(`${product.place}\n${key}`)
    }
    if (capacity !== undefined && !limitless) (needs ??= new Map()).set(place, (needs.get(place) ?? 0) + 1)
  }
  for (const [place, need] of needs ?? []) {
    const { address, place: rules } = place.program
    const leaving = consumed.filter((token) => token.place === address && !token.superseded).length + (replaced?.filter((one) => one.place === place).length ?? 0)
    if (need > rules.capacity!) {
      return { fault: { code: 'over-capacity', message: `${need} tokens can never fit into ${address}, which holds ${rules.capacity}`, attempts: 1, detail: null } }
    }
    if (need > place.room + leaving + (slots[address] ?? 0)) return { full: place }
  }
  return { placement: { products, ignored, replaced: replaced ?? [] } }
}

/** Lets consumed and replaced tokens leave. The consumed ones of a settled effect are in the table; pure ones may not be. */
export function takeOut(own: Own, batch: Batch, consumed: readonly LiveToken[]): void {
  for (const token of consumed) {
    own.marking.leave(token)
    batch.take(token.id)
  }
}

/** What an event says of the products that went in. */
export interface Arrival {
  /** its `produced`, as JSON text */
  readonly text: string
  /** further keys of the event, each with a comma before it */
  readonly extra: string
  /** by product: its id, or undefined when it was ignored or sent away */
  readonly ids: readonly (TokenId | undefined)[]
  /** tokens that were replaced: they belong to the event's `consumed` */
  readonly left: readonly TokenId[]
}

/** Lets the products in, as those of the event about to be added; `ordinal`: how many it has already. */
export function putIn(own: Own, batch: Batch, placement: Placement, birth: Birth, ordinal = 0): Arrival {
  let text = ''
  let extra = ''
  const ids: (TokenId | undefined)[] = []
  const left = placement.replaced.flatMap((one) => takeReplaced(own, batch, one))
  if (placement.replaced.length > 0) extra += `,"replaced":${JSON.stringify(placement.replaced.map((one) => formatTokenId(one.id)))}`
  for (const [index, product] of placement.products.entries()) {
    if (product.sends !== undefined) {
      extra += send(own, batch, product, birth, ordinal + index)
      ids.push(undefined)
      continue
    }
    if (placement.ignored?.has(index)) {
      extra += `,"ignored":{"place":"${product.place}","data":${product.text}}`
      ids.push(undefined)
      continue
    }
    const id = batch.idOf(ordinal++)
    const token = new LiveToken({ id, place: product.place, data: product.data, text: product.text, createdAt: batch.at, producedBy: birth.by, parents: birth.parents, depth: birth.depth, correlationId: birth.correlationId })
    own.marking.enter(token, batch.at)
    batch.bear(token)
    const keep = own.marking.places.get(product.place)?.program.place.keep
    if (keep !== undefined) batch.crowded.add(product.place)
    text += `${text === '' ? '' : ','}{"place":"${product.place}","data":${product.text}}`
    ids.push(id)
  }
  return { text: `[${text}]`, extra, ids, left }
}

/** A replaced token leaves at once; one that a firing holds is only marked, and leaves with its firing. */
function takeReplaced(own: Own, batch: Batch, { id, place }: { id: TokenId; place: PlaceState }): TokenId[] {
  const live = own.marking.live.get(id)
  if (live && live.holder !== 0) {
    own.marking.supersede(live)
    batch.rest.superseded.push(id)
    return []
  }
  if (live) own.marking.leave(live)
  else own.marking.leaveDormant(place.program.address, id, undefined)
  batch.take(id)
  return [id]
}

function send(own: Own, batch: Batch, product: Product, birth: Birth, ordinal: number): string {
  const [session = '', ...rest] = product.sends!.split('/')
  const id = `${batch.next}-${ordinal}`
  const body = `{"correlationId":${JSON.stringify(birth.correlationId)},"data":${product.text},"depth":${birth.depth},"from":${JSON.stringify(`${own.session}/${birth.by}`)},"place":${JSON.stringify(rest.join('/'))}}`
  batch.rest.sends.push({ session, kind: 'send', key: `send:${own.session}:${id}`, body })
  return `,"sent${ordinal}":{"to":${JSON.stringify(product.sends)},"data":${product.text}}`
}
