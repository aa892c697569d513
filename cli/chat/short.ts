import { plain } from '../paint.js'

const MOST = 72

/** Text from outside on one line, cut. */
export function short(text: string, most = MOST): string {
  const line = plain(text.replace(/\s+/g, ' ').trim())
  const characters = [...line]
  return characters.length <= most ? line : `${characters.slice(0, most - 1).join('')}…`
}
