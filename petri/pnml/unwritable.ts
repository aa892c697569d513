import type { Fault } from '../fault.js'
import type { Json } from '../json.js'
import type { ForeignPnml } from './foreign.js'
import { fragments } from './fragments.js'

const KEPT: Readonly<Record<string, 'label' | 'part'>> = { name: 'label', graphics: 'label', marking: 'label', inscription: 'label', xml: 'part' }

/** Warnings about kept elements that PNML will leave out: no XML, or with a meaning that belongs to the net itself. */
export function unwritable(foreign: ForeignPnml): Fault[] {
  const faults: Fault[] = []
  const walk = (value: Json, path: readonly (string | number)[]): void => {
    if (typeof value !== 'object' || value === null) return
    const within = KEPT[String(path.at(-1))]
    if (Array.isArray(value) && within !== undefined) {
      // `xml` of the file itself and of a page stands among the nodes
      const place = within === 'part' && (path.length === 3 || path[2] === 'pages') ? 'net' : within
      value.forEach((text, index) => {
        if (typeof text === 'string' && fragments([text], place).length === 0) faults.push({ code: 'foreign-unwritable', level: 'warning', path: [...path, index], message: 'a kept element is no XML, or says what only the net itself may say', remedy: 'take it out: PNML is written without it' })
      })
      return
    }
    for (const [key, inner] of Object.entries(value)) walk(inner as Json, [...path, Array.isArray(value) ? Number(key) : key])
  }
  walk(foreign as Json, ['foreign', 'pnml'])
  return faults
}
