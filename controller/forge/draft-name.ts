import { createHash } from 'node:crypto'
import { isName } from './ref-name.js'

/** Whose draft it is: the session of the agent, and a conversation, firing or access token in it. */
export interface DraftName {
  /** `_` of an access token that belongs to no one session */
  readonly session: string
  readonly key: string
}

export const DRAFTS = 'refs/heads/drafts/'
/** In place of a session, where a draft belongs to none. */
export const NO_SESSION = '_'
const KEY = /^[a-z0-9][a-z0-9-]{0,62}$/

/** The branch of a draft, as proposals and people name it. */
export function draftBranch({ session, key }: DraftName): string {
  return `drafts/${session}/${key}`
}

export function draftRef(name: DraftName): string {
  return `refs/heads/${draftBranch(name)}`
}

/** Whose draft a branch (`drafts/demo/4f2a`, or its whole ref) is; undefined when it is none. */
export function readDraftBranch(text: string): DraftName | undefined {
  const [folder, session = '', key = '', more] = text.replace(/^refs\/heads\//, '').split('/')
  return folder === 'drafts' && more === undefined && (isName(session) || session === NO_SESSION) && KEY.test(key) ? { session, key } : undefined
}

/** A name for the draft of this session and conversation. Any text will do as a key: one that no branch can have is hashed. */
export function draftName(session: string | undefined, key: string): DraftName {
  const hashed = createHash('sha256').update(key).digest('hex').slice(0, 16)
  return { session: session !== undefined && isName(session) ? session : NO_SESSION, key: KEY.test(key) ? key : hashed }
}
