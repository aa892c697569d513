import { nearest } from '../nearest.js'
import type { World } from './world.js'
import type { Flaw, Rule } from './rule.js'

export const sharesUnknown: Rule = {
  code: 'shares-unknown',
  level: 'error',
  explanation: 'A place shares one that does not exist in the session, so its tokens would lie nowhere.',
  *check({ file, net, world }): Iterable<Flaw> {
    for (const [name, place] of Object.entries(file.places ?? {})) {
      if (place.shares === undefined) continue
      const [owner = '', shared = ''] = place.shares.split('/')
      const path = ['places', name, 'shares']
      if (owner === net.name) {
        yield {
          path,
          message: `${name} shares ${place.shares}, a place of its own net.`,
          remedy: `Use the place ${shared} itself in the arcs.`,
        }
        continue
      }
      const reason = missing(owner, shared, world)
      if (reason) yield {
        path,
        message: `${name} shares ${place.shares}, but ${reason}.`,
        remedy: 'Name a place of another net of this session as net/place.',
      }
    }
  },
}

function missing(net: string, place: string, world: World): string | undefined {
  const draft = world.net(net)
  if (!draft) return `there is no net ${net} in session ${world.config.session}`
  // A file that cannot be read has its own findings; whether it has the place is not known.
  if (!draft.value) return undefined
  const places = Object.keys(draft.value.places ?? {})
  if (places.includes(place)) return undefined
  const near = nearest(place, places)
  return `${net} has no place ${place}${near ? ` (did you mean ${net}/${near}?)` : ''}`
}
