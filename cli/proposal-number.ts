import { usage } from './failure.js'

/** `3`, `#3` or `proposal/3`. */
export function readNumber(text: string): number {
  const read = /^(?:#|proposals?\/)?([1-9]\d{0,8})$/.exec(text)
  return read ? Number(read[1]) : usage(`${JSON.stringify(text)} is no proposal`, 'write its number; agenticos get proposals lists them')
}
