import { NAME } from '../protocol/api/route.js'
import { usage } from './failure.js'

/** `session`, `session/net` or `session/net/element`. */
export interface Address {
  readonly session: string
  readonly net?: string
  readonly element?: string
}

/** Reads `session/net/place` with as many parts as wanted; anything else is bad usage that says the form. */
export function readAddress(text: string, least: 1 | 2 | 3, most: 1 | 2 | 3, form: string): Address {
  const parts = text.replace(/\/$/, '').split('/')
  const bad = parts.find((part, nth) => !NAME.test(part) && !(nth === 2 && part === '_failed'))
  if (bad !== undefined) usage(`${JSON.stringify(text)}: ${bad === '' ? 'a part of it is empty' : `${JSON.stringify(bad)} is no name (a lower-case letter, then letters, digits or hyphens)`}`, `write ${form}`)
  if (parts.length < least || parts.length > most) usage(`${JSON.stringify(text)} has ${parts.length} ${parts.length === 1 ? 'part' : 'parts'}, and ${form} is wanted`, `write ${form}; agenticos get nets -o name lists names`)
  return { session: parts[0]!, ...(parts[1] === undefined ? {} : { net: parts[1] }), ...(parts[2] === undefined ? {} : { element: parts[2] }) }
}
