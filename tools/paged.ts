/** A page of a list that is at hand, in the order of its keys; `cursor` is the key that the page before ended with. */
export function paged<T>(all: readonly T[], key: (item: T) => string, limit: number, cursor: string | undefined): { items: T[]; next: string | undefined } {
  const sorted = [...all].sort((a, b) => (key(a) < key(b) ? -1 : 1))
  const rest = cursor === undefined ? sorted : sorted.filter((item) => key(item) > cursor)
  const items = rest.slice(0, limit)
  return { items, next: rest.length > limit ? key(items.at(-1)!) : undefined }
}
