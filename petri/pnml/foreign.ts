import { z } from 'zod'
import { object } from '../scalar.js'

const fragments = z.array(z.string()).describe('XML as it stood.').exactOptional()
/** An id may be anything that an attribute of XML 1.0 can hold. */
export const ID = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]+$/u
const id = z.string().regex(ID, { error: 'must be a text that XML can hold' }).describe('Its id in the PNML file.')
const page = z.string().describe('Id of its page; the first page unless given.').exactOptional()
const title = z.string().describe('Text of its name.').exactOptional()

const node = object({
  id: id.exactOptional(),
  page,
  nameless: z.literal(true).describe('It has no name in the file.').exactOptional(),
  name: fragments,
  graphics: fragments,
  marking: fragments,
  xml: fragments,
})
export type ForeignNode = z.infer<typeof node>

const arc = object({
  id,
  /** one of several arcs between the two */
  weight: z.int().min(1).describe('Its weight, where several arcs join the same two.').exactOptional(),
  page,
  source: z.string().describe('The reference node it begins at.').exactOptional(),
  target: z.string().describe('The reference node it ends at.').exactOptional(),
  title,
  name: fragments,
  graphics: fragments,
  inscription: fragments,
  xml: fragments,
})
export type ForeignArc = z.infer<typeof arc>

/** What a PNML file of another tool says that is no part of the net: kept so that it comes back out. Never a semantic change. */
export const foreignPnml = object({
  id: id.exactOptional(),
  nameless: z.literal(true).describe('It has no name in the file.').exactOptional(),
  name: fragments,
  xml: fragments,
  pages: z.array(object({ id, in: z.string().describe('Id of the page around it.').exactOptional(), title, name: fragments, xml: fragments })).describe('Its pages.').exactOptional(),
  references: z.array(object({
    id,
    ref: z.string().describe('Id of the node it stands for.'),
    kind: z.enum(['place', 'transition']).describe('place or transition.'),
    page,
    title,
    name: fragments,
    graphics: fragments,
    xml: fragments,
  })).describe('Its reference nodes.').exactOptional(),
  places: z.record(z.string(), node).describe('By the name of the place.').exactOptional(),
  transitions: z.record(z.string(), node).describe('By the name of the transition.').exactOptional(),
  arcs: z.record(z.string(), z.array(arc)).describe('By `place > transition` or `transition > place`.').exactOptional(),
})
export type ForeignPnml = z.infer<typeof foreignPnml>
