import { labelText } from './label-text.js'
import { fragmentOf, PNML, printXml } from './print-xml.js'
import type { Label } from './skeleton.js'
import { attribute, type Xml } from './xml.js'

/** Elements by which a PNML file says what its net is: kept text must not say so a second time. */
const MEANING = new Set(['net', 'page', 'place', 'transition', 'arc', 'referencePlace', 'referenceTransition', 'name', 'initialMarking', 'inscription', 'declaration', 'hlinitialMarking', 'hlinscription', 'condition'])

/** Kept elements as they may stand in the file: a hand-edited one that is no XML would break it, one with a meaning would change the net. */
export function fragments(kept: readonly string[] | undefined, within: 'net' | 'part' | 'label' = 'label'): string[] {
  return (kept ?? []).flatMap((text) => {
    const element = fragmentOf(text)
    return element && (within === 'label' || !speaks(element, within)) ? printXml(element, PNML) : []
  })
}

function speaks(element: Xml, within: 'net' | 'part'): boolean {
  if (element.uri !== PNML) return false
  if (element.name === 'toolspecific') return attribute(element, 'tool') === 'agenticos'
  if (element.name === 'type' || element.name === 'arctype') return !/normal/i.test(attribute(element, 'value') ?? printXml(element, PNML))
  return MEANING.has(element.name) || (within === 'net' && (attribute(element, 'id') ?? attribute(element, 'source')) !== undefined)
}

export function labelled({ title, name }: { title?: string; name?: string[] }): Label | undefined {
  return title === undefined ? undefined : { text: labelText(title), extra: fragments(name) }
}
