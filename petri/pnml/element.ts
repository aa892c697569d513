import type { Fault } from '../fault.js'
import type { FaultCode } from '../fault-code.js'
import { isObject, type JsonObject } from '../json.js'
import { readJson } from '../json-text.js'
import { ParseFault } from '../parsed.js'
import { PNML, printXml } from './print-xml.js'
import type { Label } from './skeleton.js'
import { attribute, isElement, textOf, type Xml } from './xml.js'

/** Reads the parts that every PNML element has: labels, graphics, our JSON; whatever else it holds is kept as text. */
export class Elements {
  readonly faults: Fault[] = []
  readonly home: string
  private readonly kept = new Map<string, { count: number; at: Xml['at'] }>()

  constructor(home: string) {
    this.home = home
  }

  fault(at: Xml['at'], code: FaultCode, message: string, remedy: string, level: Fault['level'] = 'error'): void {
    if (this.faults.length < 200) this.faults.push({ code, message, remedy, path: [], at, level: level ?? 'error' })
  }

  /** An element of PNML itself, whatever prefix it has; elements of none count too. */
  ours(element: Xml): boolean {
    return element.uri === this.home || element.uri === '' || element.uri === PNML
  }

  children(element: Xml): Xml[] {
    return element.children.filter(isElement)
  }

  child(element: Xml, name: string): Xml | undefined {
    return this.children(element).find((child) => child.name === name && this.ours(child))
  }

  print(element: Xml): string {
    return printXml(element, this.home)
  }

  /** Keeps an element that is no part of the net, and says so once a name. */
  keep(into: string[], element: Xml): void {
    into.push(this.print(element))
    if ((element.name === 'toolspecific' || element.name === 'graphics') && this.ours(element)) return
    const known = this.kept.get(element.name)
    if (known) known.count++
    else this.kept.set(element.name, { count: 1, at: element.at })
  }

  /** The findings about what was kept and plays no part. */
  tellKept(): void {
    for (const [name, { count, at }] of this.kept) {
      const times = count === 1 ? '' : ` (${count} times)`
      this.fault(at, 'foreign-label', `<${name}> plays no part in the net${times}`, 'nothing to do: it is kept and written back', 'info')
    }
  }

  id(element: Xml): string | undefined {
    const id = attribute(element, 'id')
    if (id === undefined || id === '') this.fault(element.at, 'missing-id', `a ${element.name} has no id`, 'give it an id of its own')
    return id === '' ? undefined : id
  }

  /** `text` of a label (or `value`, before the standard) and the rest of it. */
  label(element: Xml): { text: string | undefined; extra: string[] } {
    const extra: string[] = []
    let text: string | undefined
    for (const child of this.children(element)) {
      if (text === undefined && this.ours(child) && (child.name === 'text' || child.name === 'value')) text = textOf(child)
      else this.keep(extra, child)
    }
    return { text, extra }
  }

  name(element: Xml): Label {
    const { text, extra } = this.label(element)
    return { text: text ?? '', extra }
  }

  /** The whole number of a marking or a weight, exactly; undefined with a fault otherwise. */
  count(element: Xml, least: 0 | 1, owner: string): { count: number; extra: string[] } | undefined {
    const { text, extra } = this.label(element)
    const what = least === 0 ? 'marking' : 'weight'
    const digits = /^\s*(?:Default,)?\+?(\d+)\s*$/.exec(text ?? '')?.[1]
    const shown = `"${(text ?? '').trim().slice(0, 40)}"`
    if (digits === undefined) {
      this.fault(element.at, 'bad-number', `the ${what} of ${owner} is ${shown}`, `write a whole number from ${least}`)
      return undefined
    }
    const count = Number(digits)
    if (!Number.isSafeInteger(count)) {
      this.fault(element.at, 'number-not-exact', `the ${what} of ${owner}, ${shown}, is above 2^53-1`, 'a number that large cannot be carried exactly: scale the net down')
      return undefined
    }
    if (count < least) {
      this.fault(element.at, 'bad-number', `the ${what} of ${owner} is ${shown}`, `write a whole number from ${least}`)
      return undefined
    }
    return { count, extra }
  }

  /** Our JSON in a toolspecific; undefined when it is another tool's. */
  own(element: Xml): JsonObject | undefined | 'foreign' {
    if (element.name !== 'toolspecific' || !this.ours(element) || attribute(element, 'tool') !== 'agenticos') return 'foreign'
    const version = attribute(element, 'version')
    if (version !== '1') {
      this.fault(element.at, 'pnml-version', `toolspecific agenticos has version ${JSON.stringify(version ?? '')}`, 'this program reads version 1: use a newer one')
      return undefined
    }
    try {
      const text = textOf(element)
      // strict first; then once more with the author's order of keys
      if (isObject(readJson(text))) return JSON.parse(text) as JsonObject
      this.fault(element.at, 'pnml-json', 'toolspecific agenticos does not hold a JSON object', 'write {...}, or take it out')
    } catch (error) {
      if (!(error instanceof ParseFault)) throw error
      this.fault(element.at, 'pnml-json', `toolspecific agenticos: ${error.message}`, error.remedy)
    }
    return undefined
  }
}
