const CODES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], blue: [34, 39], cyan: [36, 39] } as const
export type Colour = keyof typeof CODES
export type Painter = (colour: Colour, text: string) => string

/** Paints text, or leaves it alone where colour is not wanted. */
export function painter(on: boolean): Painter {
  if (!on) return (_, text) => text
  return (colour, text) => `\u001b[${CODES[colour][0]}m${text}\u001b[${CODES[colour][1]}m`
}

/** Text from outside made harmless for a terminal: control characters are shown, not obeyed. */
export function plain(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, (char) =>
    char === '\n' ? '⏎' : char === '\t' ? ' ' : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** The same for text of several lines: line breaks stay. */
export function plainLines(text: string): string {
  return text.split(/\r?\n/).map(plain).join('\n')
}
