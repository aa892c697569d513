import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'

export interface Minted {
  readonly id: string
  /** what the bearer sends: `ant_<id>_<secret>`; never stored */
  readonly token: string
  /** SHA-256 of the whole token, in hex: what is stored */
  readonly hash: string
}

/** A fresh access token: 256 random bits behind a public id. */
export function mint(): Minted {
  const id = Array.from(randomBytes(12), (byte) => ALPHABET[byte % ALPHABET.length]).join('')
  const token = `ant_${id}_${randomBytes(32).toString('base64url')}`
  return { id, token, hash: hashToken(token) }
}

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** The id inside a token, or undefined when the text is no token of ours. */
export function tokenIdOf(token: string): string | undefined {
  return /^ant_([A-Za-z0-9]{1,40})_[A-Za-z0-9_-]{20,100}$/.exec(token)?.[1]
}

/** Compares in a time that tells nothing of where they differ. */
export function sameHash(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
