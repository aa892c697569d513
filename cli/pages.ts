import type { z } from 'zod'
import type { ParamsOf, Route } from '../protocol/api/route.js'
import type { Client } from '../protocol/client.js'

interface Page<T> {
  readonly items: readonly T[]
  readonly next?: string | undefined
}

const PORTION = 500

/** The items of a list, page by page, `most` at most. */
export async function* pages<P extends string, Q extends z.ZodType, B extends z.ZodType, T>(
  client: Client, route: Route<P, Q, B, z.ZodType<Page<T>>>, call: { readonly params?: ParamsOf<P>; readonly query?: object; readonly signal?: AbortSignal }, most = Infinity,
): AsyncGenerator<T[]> {
  let cursor: string | undefined
  for (let left = most; left > 0; ) {
    const query = { ...call.query, limit: Math.min(PORTION, left), ...(cursor === undefined ? {} : { cursor }) }
    const page = await client.call(route, { ...call, query: query as z.input<Q> })
    if (page.items.length > 0) yield page.items.slice(0, left)
    left -= page.items.length
    if (page.next === undefined) return
    cursor = page.next
  }
}

export async function all<P extends string, Q extends z.ZodType, B extends z.ZodType, T>(
  client: Client, route: Route<P, Q, B, z.ZodType<Page<T>>>, call: { readonly params?: ParamsOf<P>; readonly query?: object; readonly signal?: AbortSignal } = {}, most = Infinity,
): Promise<T[]> {
  const items: T[] = []
  for await (const page of pages(client, route, call, most)) items.push(...page)
  return items
}
