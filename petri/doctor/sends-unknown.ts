import { nearest } from '../nearest.js'
import { farPlace } from './far-place.js'
import type { Flaw, Rule } from './rule.js'

export const sendsUnknown: Rule = {
  code: 'sends-unknown',
  level: 'error',
  explanation: 'A place sends to one that does not exist, or to its own session, where `shares` is the way.',
  *check({ file, world }): Iterable<Flaw> {
    for (const [name, place] of Object.entries(file.places ?? {})) {
      if (place.sends === undefined) continue
      const path = ['places', name, 'sends']
      const [session = '', net = '', target = ''] = place.sends.split('/')
      if (session === world.config.session) {
        yield { path, message: `${name} sends to its own session.`, remedy: `Say shares: ${net}/${target} instead.` }
        continue
      }
      const draft = world.other(session, net)
      if (!draft) yield {
        path,
        message: `There is no net ${session}/${net}.`,
        remedy: 'Name an existing place as session/net/place, or add that net in the same commit.',
      }
      else if (draft.value && !farPlace(place.sends, world)) {
        const near = nearest(target, Object.keys(draft.value.places ?? {}))
        yield {
          path,
          message: `${session}/${net} has no place ${target}.`,
          remedy: near ? `Did you mean ${session}/${net}/${near}?` : 'Name one of its places.',
        }
      }
    }
  },
}
