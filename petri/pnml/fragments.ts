import { labelText } from './label-text.js'
import { checkedFragment } from './print-xml.js'
import type { Label } from './skeleton.js'

/** Kept elements that are well-formed: a hand-edited one that is not would break the whole file. */
export function fragments(kept: readonly string[] | undefined): string[] {
  return (kept ?? []).flatMap((text) => checkedFragment(text) ?? [])
}

export function labelled({ title, name }: { title?: string; name?: string[] }): Label | undefined {
  return title === undefined ? undefined : { text: labelText(title), extra: fragments(name) }
}
