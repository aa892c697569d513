import { NAME } from '../scalar.js'

/** Root names of templates: no variable may be called so. */
const ROOTS = new Set(['result', 'error', 'item', 'params'])

/** An id of another tool as a name of the language: `P 1.2` is `p-1-2`. */
export function slug(id: string): string {
  const plain = id.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '')
  const named = /^[a-z]/.test(plain) ? plain : plain === '' ? 'node' : `n-${plain}`
  return named.slice(0, 63)
}

/**
 * The names of a file's nodes, in order: what our JSON says, else the id where it is a name, else its slug.
 * Names that are said and ids that are names come first, so that nothing takes them.
 */
export function nodeNames(nodes: readonly { readonly id: string; readonly said: string | undefined }[]): string[] {
  const taken = new Set<string>()
  for (const { said } of nodes) if (said !== undefined) taken.add(said)
  const exact = nodes.map(({ id, said }) => {
    if (said !== undefined) return said
    if (!NAME.test(id) || taken.has(id)) return undefined
    taken.add(id)
    return id
  })
  // numbers go on from where the last one of that slug stopped: 50,000 like names stay cheap
  const next = new Map<string, number>()
  return nodes.map(({ id }, index) => exact[index] ?? numbered(slug(id), taken, next))
}

function numbered(base: string, taken: Set<string>, next: Map<string, number>): string {
  for (let n = next.get(base) ?? 1; ; n++) {
    const suffix = n === 1 ? '' : `-${n}`
    const name = `${base.slice(0, 63 - suffix.length)}${suffix}`
    if (taken.has(name)) continue
    taken.add(name)
    next.set(base, n + 1)
    return name
  }
}

/** The variable of a plain arc from a place: `raw-lines` is `rawLines`, a second one `rawLines2`. `next` keeps many alike cheap. */
export function variableFor(place: string, taken: Set<string>, next: Map<string, number>): string {
  const plain = place.replace(/-+([a-z0-9])?/g, (_, letter: string | undefined) => letter?.toUpperCase() ?? '').slice(0, 56)
  const base = ROOTS.has(plain) ? `${plain}Token` : plain
  let n = next.get(base) ?? 1
  const named = (): string => (n === 1 ? base : `${base}${n}`)
  while (taken.has(named())) n++
  const name = named()
  next.set(base, n + 1)
  taken.add(name)
  return name
}
