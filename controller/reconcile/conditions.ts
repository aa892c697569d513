/** A condition as kstatus and GitOps users know it. */
export interface Condition {
  readonly type: 'Ready' | 'Reconciling' | 'Stalled' | 'Healthy'
  readonly status: 'True' | 'False' | 'Unknown'
  readonly reason: string
  readonly message: string
  readonly observedGeneration: number
  readonly lastTransitionTime: string
}

/** How a pass stands, as facts; the conditions follow from them. */
export type State =
  | { readonly phase: 'progressing'; readonly message: string }
  /** applied; `waiting` sessions have not adopted it yet, `ill` ones report a fault */
  | { readonly phase: 'applied'; readonly commit: string; readonly waiting: readonly string[]; readonly ill: readonly string[]; readonly drifted: readonly string[] }
  /** the commit has errors; only another commit helps */
  | { readonly phase: 'refused'; readonly commit: string; readonly message: string; readonly applied: string }
  /** something else went wrong; it is tried again */
  | { readonly phase: 'failed'; readonly reason: 'ArtifactFailed' | 'BuildFailed' | 'ReconciliationFailed'; readonly message: string; readonly stalled: boolean }

type Bare = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>

/** The conditions of the repository. Never both Reconciling and Stalled; Ready is False while Stalled. */
export function conditions(state: State, generation: number, before: readonly { readonly type: string; readonly status: string; readonly lastTransitionTime?: string }[], now: string): Condition[] {
  return bare(state).map((one) => {
    const old = before.find(({ type }) => type === one.type)
    const since = old?.status === one.status ? old.lastTransitionTime : undefined
    return { ...one, message: one.message.slice(0, 20_000), observedGeneration: generation, lastTransitionTime: since ?? now }
  })
}

function bare(state: State): Bare[] {
  switch (state.phase) {
    case 'progressing':
      return [
        { type: 'Ready', status: 'Unknown', reason: 'Progressing', message: state.message },
        { type: 'Reconciling', status: 'True', reason: 'Progressing', message: state.message },
      ]
    case 'applied':
      return applied(state)
    case 'refused': {
      const message = `commit ${short(state.commit)} is not applied: ${state.message}; ${state.applied === '' ? 'nothing runs yet' : `${short(state.applied)} goes on running`}`
      return [
        { type: 'Ready', status: 'False', reason: 'BuildFailed', message },
        { type: 'Stalled', status: 'True', reason: 'BuildFailed', message },
      ]
    }
    case 'failed':
      return [
        { type: 'Ready', status: 'False', reason: state.reason, message: state.message },
        state.stalled
          ? { type: 'Stalled', status: 'True', reason: state.reason, message: state.message }
          : { type: 'Reconciling', status: 'True', reason: 'ProgressingWithRetry', message: state.message },
      ]
  }
}

function applied({ commit, waiting, ill, drifted }: Extract<State, { phase: 'applied' }>): Bare[] {
  const healed = drifted.length === 0 ? '' : `; differed from git and was made equal again: ${list(drifted)}`
  const healthy: Bare = ill.length === 0
    ? { type: 'Healthy', status: 'True', reason: 'Succeeded', message: 'no session reports a fault' }
    : { type: 'Healthy', status: 'False', reason: 'HealthCheckFailed', message: list(ill) }
  if (waiting.length > 0) {
    const message = `${short(commit)} is applied; ${list(waiting)} ${waiting.length === 1 ? 'has' : 'have'} not adopted it yet${healed}`
    return [
      { type: 'Ready', status: 'Unknown', reason: 'Progressing', message },
      { type: 'Reconciling', status: 'True', reason: 'Progressing', message },
      healthy,
    ]
  }
  return [{ type: 'Ready', status: 'True', reason: 'ReconciliationSucceeded', message: `applied revision main@sha1:${commit}${healed}` }, healthy]
}

function short(commit: string): string {
  return commit.slice(0, 12)
}

function list(items: readonly string[]): string {
  return items.length <= 5 ? items.join(', ') : `${items.slice(0, 5).join(', ')} and ${items.length - 5} more`
}
