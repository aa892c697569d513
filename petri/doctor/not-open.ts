import { matchesGlob } from '../glob.js'
import { farPlace } from './far-place.js'
import type { Flaw, Rule } from './rule.js'

export const notOpen: Rule = {
  code: 'not-open',
  level: 'error',
  explanation: 'A place sends to one of another session that is not open to this session; both sides must say so.',
  *check({ file, world }): Iterable<Flaw> {
    for (const [name, place] of Object.entries(file.places ?? {})) {
      if (place.sends === undefined || place.sends.startsWith(`${world.config.session}/`)) continue
      const target = farPlace(place.sends, world)
      if (!target) continue
      const path = ['places', name, 'sends']
      if (target.shares !== undefined || target.sends !== undefined) {
        const owner = target.shares === undefined ? target.sends! : `${place.sends.split('/')[0]}/${target.shares}`
        yield { path, message: `${place.sends} does not own its tokens.`, remedy: `Send to the owner: sends: ${owner}.` }
      } else if (!(target.open ?? []).some((glob) => matchesGlob(glob, world.config.session))) {
        yield {
          path,
          message: `${place.sends} is not open to session ${world.config.session}.`,
          remedy: `Add ${world.config.session} to the list \`open\` of ${place.sends}, if its owner agrees.`,
        }
      }
    }
  },
}
