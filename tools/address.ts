import type { Address, Desk } from './desk.js'
import { Refusal } from './tool.js'

/** `place`, `net/place` or `session/net/place` (transitions likewise), seen from the caller. Whether it is there is not asked. */
export function elementAddress(desk: Desk, text: string, what: 'place' | 'transition' = 'place'): Address {
  const parts = text.split('/')
  const element = parts.at(-1)!
  if (parts.length === 3) return { session: parts[0]!, net: parts[1]!, element }
  const session = ownSession(desk, `session/${parts.length === 2 ? text : `net/${text}`}`)
  if (parts.length === 2) return { session, net: parts[0]!, element }
  const net = desk.caller.firing?.net
  if (net === undefined) throw new Refusal('bad-parameters', `${what} ${text}: only an agent has a net of its own`, `write net/${text} or session/net/${text}; LIST_PLACES tells the nets`)
  return { session, net, element }
}

/** `net` or `session/net`, seen from the caller. */
export function netAddress(desk: Desk, text: string): { session: string; net: string } {
  const [first = '', second] = text.split('/')
  return second === undefined ? { session: ownSession(desk, `session/${text}`), net: first } : { session: first, net: second }
}

/** `1234-0` or `session/1234-0`. */
export function tokenAddress(desk: Desk, text: string): { session: string; id: string } {
  const [first = '', second] = text.split('/')
  return second === undefined ? { session: ownSession(desk, `session/${text}`), id: first } : { session: first, id: second }
}

/** The session that is meant where none is named. */
export function ownSession(desk: Desk, write = 'session'): string {
  if (desk.caller.session !== undefined) return desk.caller.session
  throw new Refusal('bad-parameters', 'no session is named, and this caller has no session of its own', `name it: ${write}; LIST_ALL_SESSIONS tells which there are`)
}

/** `session/net/element` as answers write it. */
export function shown({ session, net, element }: Address): string {
  return `${session}/${net}/${element}`
}
