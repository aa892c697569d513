import { canonicalText, utf8Length } from '../../petri/canonical.js'
import type { Json } from '../../petri/json.js'
import { cutBytes } from '../text.js'

/** Bytes of one framed value; more is cut, loudly. */
export const FRAME_BYTES = 16 * 1024

/**
 * A value as a model is shown it: data between marks. No text in it can end the frame or begin another one: `<` before a
 * letter or a slash is written as JSON may write it, `\u003c`.
 */
export function frame(mark: string, named: Readonly<Record<string, string | number>>, value: Json, how: string, most: number = FRAME_BYTES): string {
  const text = canonicalText(value).replace(/<(?=[/A-Za-z!?])/g, '\\u003c')
  const bytes = utf8Length(text)
  const shown = bytes <= most ? text : `${cutBytes(text, most)}\n[CUT: the first ${most} of ${bytes} bytes are shown. ${how}]`
  const names = Object.entries(named).map(([name, one]) => ` ${name}="${String(one).replace(/["<>&]/g, '')}"`).join('')
  return `<${mark}${names}>\n${shown}\n</${mark}>`
}
