import type { Mask } from '../mask.js'

/** Text on its way to a watcher, without a secret: what may be the beginning of one is held back until more has come. */
export function maskedStream(mask: Mask, onText: ((text: string) => void) | undefined): { readonly text: ((piece: string) => void) | undefined, end(): void } {
  if (onText === undefined || mask.reach === 0) return { text: onText, end() {} }
  let held = ''
  return {
    text(piece) {
      held += piece
      const { masked, rest } = mask.split(held)
      held = rest
      if (masked !== '') onText(masked)
    },
    end() {
      if (held !== '') onText(mask.text(held))
      held = ''
    },
  }
}
