import type { Flaw, Rule } from './rule.js'

export const sharesASharer: Rule = {
  code: 'shares-a-sharer',
  level: 'error',
  explanation: 'A place shares one that is itself shared from elsewhere or only sends away; one net must own the tokens and all their rules.',
  *check({ file, net, world }): Iterable<Flaw> {
    for (const [name, place] of Object.entries(file.places ?? {})) {
      if (place.shares === undefined) continue
      const [owner = '', shared = ''] = place.shares.split('/')
      if (owner === net.name) continue
      const places = world.net(owner)?.value?.places
      const other = places && Object.hasOwn(places, shared) ? places[shared] : undefined
      const path = ['places', name, 'shares']
      if (other?.shares !== undefined) {
        yield {
          path,
          message: `${place.shares} is itself shared from ${other.shares}.`,
          remedy: `Share the owner: shares: ${other.shares}.`,
        }
      } else if (other?.sends !== undefined) {
        yield {
          path,
          message: `${place.shares} holds no tokens: it sends them to ${other.sends}.`,
          remedy: `Say sends: ${other.sends} here too.`,
        }
      }
    }
  },
}
