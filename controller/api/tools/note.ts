import type { JsonObject } from '../../../petri/json.js'
import type { Caller } from '../../../tools/caller.js'

/** What every note of a caller says: who, and of which firing. */
export function noteOf({ name, firing }: Caller): JsonObject {
  if (firing === undefined) return { by: name }
  return { by: name, net: firing.net, transition: `${firing.net}/${firing.transition}`, firing: firing.firing, correlation: firing.correlation }
}
