import { createHash } from 'node:crypto'

const PLAIN = /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/

/** The last part of a draft's branch, of the conversation's or token's id: as it is where a branch may be called so. */
export function draftKey(id: string): string {
  return PLAIN.test(id) && !id.endsWith('.lock') ? id : createHash('sha256').update(id).digest('hex').slice(0, 20)
}
