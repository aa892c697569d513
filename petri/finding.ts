/** A place in a file; both count from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

export type Level = 'error' | 'warning' | 'info'

/**
 * What is wrong with a net, as a value: where, what, and what to do about it.
 * An `error` keeps a commit from being applied and a proposal from being merged; the other levels are shown.
 */
export interface Finding extends Position {
  /** kebab-case, one row in docs/errors.md each */
  readonly code: string
  readonly level: Level
  /** path in the repository */
  readonly file: string
  /** what it is about, as `net/transition` or `net/place` or `net`; empty for a whole file */
  readonly element: string
  /** one sentence that states the fact */
  readonly message: string
  /** one sentence that says what to do */
  readonly remedy: string
}

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.level === 'error')
}
