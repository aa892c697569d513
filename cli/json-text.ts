/** Characters that a terminal may obey, or that turn text around, and that JSON and YAML would let through as they are. */
const UNSAFE = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** JSON of the same value that is safe to look at: what JSON leaves as it is of control characters stands as an escape. */
export function jsonText(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(UNSAFE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

export function isSafe(text: string): boolean {
  return text.search(UNSAFE) === -1
}
