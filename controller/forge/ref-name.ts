/** The refs of a net repository. A clone with `refs/*` holds all of them, so it loses nothing. */
export const MAIN = 'refs/heads/main'
export const headRef = (proposal: number): string => `refs/proposals/${proposal}/head`
export const metaRef = (proposal: number): string => `refs/proposals/${proposal}/meta`
/** heads of the sessions' logs, sealed now and then */
export const AUDIT = 'refs/audit/log'
export const scratchRef = (name: string): string => `refs/scratch/${name}`

const NAME = /^[a-z][a-z0-9-]{0,62}$/
const ID = /^([0-9a-f]{40}|[0-9a-f]{64})$/

/** Whether a text is a name of our language: session, net, scratch. */
export function isName(text: string): boolean {
  return NAME.test(text)
}

/** Whether a text is a whole object id; nothing shorter is ever passed to git. */
export function isObjectId(text: string): boolean {
  return ID.test(text)
}

/** Whether a text may be a branch: git's own rules (check-ref-format), and no leading dash, which git would take for an option. */
export function isBranch(text: string): boolean {
  if (text.length === 0 || text.length > 200 || text === '@' || text.startsWith('-')) return false
  if (/[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|\.$/.test(text)) return false
  return text.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'))
}
