import type { LifecycleRow } from '../store/lifecycle/list.js'

export interface State {
  readonly state: 'running' | 'stopped' | 'deployed'
  /** who decided it, and why; empty when nobody did */
  readonly message: string
}

/** What a session, net or transition is under all that was decided: a stop of anything that contains it stops it. */
export function effectiveState(rows: readonly LifecycleRow[], session: string, net = '', transition = ''): State {
  const over = rows.filter((row) =>
    (row.session === session || row.session === '*') && (row.net === '' || row.net === net) && (row.transition === '' || row.transition === transition))
  const decisive = over.find((row) => row.state === 'stopped') ?? over.find((row) => row.state === 'deployed')
  if (!decisive) return { state: 'running', message: '' }
  const what = [decisive.session === '*' ? 'everything' : decisive.session, decisive.net, decisive.transition].filter((part) => part !== '').join('/')
  return { state: decisive.state, message: `${what} ${decisive.state} by ${decisive.by}${decisive.reason === '' ? '' : `: ${decisive.reason}`}` }
}
