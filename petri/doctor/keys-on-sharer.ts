import { ownerOf } from './drafted.js'
import type { PlaceFile } from '../language.js'
import type { Flaw, Rule } from './rule.js'

const OWN = new Set(['shares', 'sends', 'title', 'description'])

export const keysOnSharer: Rule = {
  code: 'keys-on-sharer',
  level: 'error',
  explanation: 'A place that another net owns (`shares`) or that only sends away (`sends`) carries a rule for tokens, which only their owner may set.',
  *check({ file, world }): Iterable<Flaw> {
    for (const [name, place] of Object.entries(file.places ?? {})) {
      const owner = place.shares ?? place.sends
      if (owner === undefined) continue
      if (place.shares !== undefined && place.sends !== undefined) {
        yield {
          path: ['places', name, 'sends'],
          message: `${name} both shares and sends.`,
          remedy: 'Keep shares for a place of this session, or sends for one of another session.',
        }
      }
      for (const key of Object.keys(place) as (keyof PlaceFile)[]) {
        if (OWN.has(key) || (key === 'category' && place.sends !== undefined)) continue
        if (key === 'category' && place.shares !== undefined) {
          if (place.category === (ownerOf(place.shares, world)?.category ?? place.category)) continue
          yield {
            path: ['places', name, key],
            message: `The category of ${name} is that of ${owner}.`,
            remedy: 'Remove category here; the owner gives it.',
          }
        } else {
          yield {
            path: ['places', name, key],
            message: `${key} of ${name} is for its owner ${owner} to say.`,
            remedy: `Remove ${key} here, and set it on ${owner}.`,
          }
        }
      }
    }
  },
}
