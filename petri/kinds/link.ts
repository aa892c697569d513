import { z } from 'zod'
import { object, text } from '../scalar.js'

/** link: an edge of the knowledge graph between two places. It never fires. */
export const linkDo = object({
  relation: text.min(1).max(200).describe('What the first place is to the second, e.g. `part of`.'),
}).describe('What the edge says.')
export type LinkDo = z.infer<typeof linkDo>
