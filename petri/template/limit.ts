import { FunctionFault } from './function.js'

/** Characters that a text made by a template may have: no token may be larger than 8 MiB. */
export const MAX_TEXT = 8 * 1_048_576

export function bounded(text: string): string {
  if (text.length > MAX_TEXT) throw tooLong()
  return text
}

export function tooLong(): FunctionFault {
  return new FunctionFault('the text grows beyond 8 MiB', 'make it shorter before, with slice, filter or a pattern that matches less')
}
