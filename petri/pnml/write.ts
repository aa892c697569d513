import type { NetFile } from '../language.js'
import { Drawing } from './drawing.js'
import { printSkeleton } from './print.js'

/** A net as an ISO/IEC 15909-2 P/T net; what such a net cannot say rides in toolspecific elements as JSON. */
export function writePnml(value: NetFile): string {
  return printSkeleton(new Drawing(value).skeleton())
}
