import { z } from 'zod'
import { object } from '../scalar.js'

const fragments = z.array(z.string()).describe('XML as it stood, elements of other tools.').exactOptional()
const node = object({
  id: z.string().describe('Its id in the PNML file.').exactOptional(),
  page: z.string().describe('Id of its page.').exactOptional(),
  name: fragments,
  graphics: fragments,
  marking: fragments,
  xml: fragments,
})

/** What a PNML file of another tool says that is no part of the net: kept so that it comes back out. Never a semantic change. */
export const foreignPnml = object({
  id: z.string().exactOptional(),
  name: fragments,
  xml: fragments,
  pages: z.array(object({ id: z.string(), in: z.string().exactOptional(), title: z.string().exactOptional(), name: fragments, xml: fragments })).exactOptional(),
  references: z.array(object({ id: z.string(), ref: z.string(), kind: z.enum(['place', 'transition']), page: z.string(), title: z.string().exactOptional(), name: fragments, graphics: fragments, xml: fragments })).exactOptional(),
  places: z.record(z.string(), node).exactOptional(),
  transitions: z.record(z.string(), node).exactOptional(),
  arcs: z.array(object({
    /** `in`, `back` or `out`, the transition, the variable or place */
    arc: z.string(),
    id: z.string().exactOptional(),
    page: z.string().exactOptional(),
    source: z.string().exactOptional(),
    target: z.string().exactOptional(),
    graphics: fragments,
    inscription: fragments,
    name: fragments,
    title: z.string().exactOptional(),
    xml: fragments,
  })).exactOptional(),
})
export type ForeignPnml = z.infer<typeof foreignPnml>
