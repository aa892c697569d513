/** What becomes of the work: `stalled` needs a person, `waiting` needs something else to happen, `transient` passes by itself. */
export type Fate = 'stalled' | 'waiting' | 'transient'

interface FailureKind {
  /** HTTP status of an answer that carries it */
  readonly status: number
  readonly fate: Fate
  readonly title: string
}

/** Every failure of the controller, one row in docs/errors.md each. A bad net is a Finding instead. */
export const FAILURES = {
  // start: settings and the data directory
  'unknown-setting': { status: 500, fate: 'stalled', title: 'A setting has a name that nothing reads' },
  'bad-setting': { status: 500, fate: 'stalled', title: 'A setting has a value that cannot be used' },
  'data-directory-owned': { status: 503, fate: 'waiting', title: 'Another controller owns the data directory' },
  'data-directory-unusable': { status: 500, fate: 'stalled', title: 'The data directory cannot be used' },
  'address-taken': { status: 503, fate: 'waiting', title: 'Another program listens at the address' },
  // store
  'embedded-missing': { status: 500, fate: 'stalled', title: 'No embedded Postgres for this machine' },
  'embedded-failed': { status: 503, fate: 'stalled', title: 'The embedded Postgres does not start' },
  'embedded-version': { status: 500, fate: 'stalled', title: 'The data directory belongs to another Postgres version' },
  'database-unreachable': { status: 503, fate: 'transient', title: 'The database does not answer' },
  'database-refused': { status: 500, fate: 'stalled', title: 'The database refuses the connection' },
  'database-newer': { status: 500, fate: 'stalled', title: 'The database is newer than the program' },
  'database-in-use': { status: 503, fate: 'waiting', title: 'A breaking migration waits for older processes to stop' },
  'migration-changed': { status: 500, fate: 'stalled', title: 'An applied migration differs from the file' },
  'migration-failed': { status: 500, fate: 'stalled', title: 'A migration failed and was rolled back' },
  // executors
  'protocol-mismatch': { status: 409, fate: 'stalled', title: 'Executor and controller speak different protocols' },
  'executor-name-taken': { status: 409, fate: 'waiting', title: 'Another executor has this name' },
  'no-executor': { status: 503, fate: 'waiting', title: 'No executor does this kind of work' },
  'errand-timeout': { status: 504, fate: 'transient', title: 'An executor was not done in time' },
  'errand-failed': { status: 502, fate: 'stalled', title: 'An executor could not do this' },
  'errand-lost': { status: 502, fate: 'transient', title: 'The executor was lost at it' },
  // requests
  'bad-request': { status: 400, fate: 'stalled', title: 'The request is not understood' },
  'unauthenticated': { status: 401, fate: 'stalled', title: 'No valid token came with the request' },
  'capability-refused': { status: 401, fate: 'stalled', title: 'The capability of an agent is not good here, or no longer' },
  'forbidden': { status: 403, fate: 'stalled', title: 'The token does not allow this' },
  'not-found': { status: 404, fate: 'stalled', title: 'Nothing has this name' },
  'bad-json': { status: 400, fate: 'stalled', title: 'The text is not JSON that a token can carry' },
  'bad-query': { status: 400, fate: 'stalled', title: 'The ArcQL is not understood' },
  'wrong-method': { status: 405, fate: 'stalled', title: 'This address does not know this method' },
  'conflict': { status: 409, fate: 'stalled', title: 'The state of things does not allow this now' },
  'too-large': { status: 413, fate: 'stalled', title: 'The request or token is too large' },
  'wrong-media-type': { status: 415, fate: 'stalled', title: 'The body is of a kind that is not read here' },
  'token-misfit': { status: 422, fate: 'stalled', title: 'The token does not fit the schema of the place' },
  'too-many-requests': { status: 429, fate: 'transient', title: 'Too many requests at once' },
  'inbox-full': { status: 429, fate: 'transient', title: 'Too much waits in the session already' },
  'no-longer-kept': { status: 410, fate: 'stalled', title: 'The events of that time are past their retention' },
  'shutting-down': { status: 503, fate: 'transient', title: 'The controller is shutting down' },
  // the net repository
  'git-missing': { status: 500, fate: 'stalled', title: 'No usable git program' },
  'git-failed': { status: 500, fate: 'transient', title: 'git ended with an error' },
  'repository-busy': { status: 503, fate: 'transient', title: 'Other writers were faster each time' },
  'bad-path': { status: 400, fate: 'stalled', title: 'Not a path in a repository' },
  'bad-branch': { status: 400, fate: 'stalled', title: 'Not a branch that can be proposed' },
  'unrelated-history': { status: 409, fate: 'stalled', title: 'A branch without history in common with main' },
  'nothing-to-propose': { status: 409, fate: 'stalled', title: 'The proposal would change nothing' },
  'proposal-exists': { status: 409, fate: 'stalled', title: 'The branch has an open proposal already' },
  'proposal-not-open': { status: 409, fate: 'stalled', title: 'The proposal is merged or closed' },
  'proposal-not-merged': { status: 409, fate: 'stalled', title: 'Only a merged proposal can be reverted' },
  'merge-conflict': { status: 409, fate: 'stalled', title: 'The branch and main changed the same lines' },
  'stale-base': { status: 409, fate: 'stalled', title: 'Main changed the same element since the branch began' },
  'merge-findings': { status: 422, fate: 'stalled', title: 'The merged nets would have errors' },
  'approval-missing': { status: 409, fate: 'waiting', title: 'The policy asks for more approvals' },
  'approval-refused': { status: 403, fate: 'stalled', title: 'This approval would not count' },
  'internal': { status: 500, fate: 'transient', title: 'The program failed where it should not' },
} as const satisfies Record<string, FailureKind>

export type FailureCode = keyof typeof FAILURES

interface Extra {
  readonly cause?: unknown
  readonly details?: unknown
}

/** A failure of the program or its surroundings: what, why, and what to do. Made by `fail` alone. */
export class Failure extends Error {
  readonly code: FailureCode
  readonly status: number
  readonly fate: Fate
  readonly remedy: string
  readonly details: unknown

  constructor(code: FailureCode, message: string, remedy: string, extra: Extra = {}) {
    super(message, extra.cause === undefined ? undefined : { cause: extra.cause })
    this.name = 'Failure'
    this.code = code
    this.status = FAILURES[code].status
    this.fate = FAILURES[code].fate
    this.remedy = remedy
    this.details = extra.details
  }
}

/** Throws the failure of that code. */
export function fail(code: FailureCode, message: string, remedy: string, extra?: Extra): never {
  throw new Failure(code, message, remedy, extra)
}
