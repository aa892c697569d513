import { duration } from '../../duration.js'
import { frequency } from '../../frequency.js'
import type { SessionFile } from '../../language.js'
import { DEFAULT_LIMITS, type Limits, type SessionConfig } from '../../net.js'
import { size } from '../../size.js'
import { budgetOf } from './budget.js'

export const RETENTION = 90 * 86_400_000

/** session.yaml with defaults written out; all of them where there is no such file. */
export function configOf(session: string, file: SessionFile | undefined): SessionConfig {
  const limits = file?.limits ?? {}
  const whole = (key: 'depth' | 'tokens' | 'inbox' | 'effects' | 'awaiting'): number => {
    const written = limits[key]
    return typeof written === 'number' ? written : DEFAULT_LIMITS[key]
  }
  const all: Limits = {
    depth: whole('depth'),
    tokens: whole('tokens'),
    inbox: whole('inbox'),
    effects: whole('effects'),
    awaiting: whole('awaiting'),
    firings: (limits.firings === undefined ? undefined : frequency(limits.firings)) ?? DEFAULT_LIMITS.firings,
    logBytes: (limits.logBytes === undefined ? undefined : size(limits.logBytes)) ?? DEFAULT_LIMITS.logBytes,
  }
  return {
    session,
    ...(file?.metadata.title === undefined ? {} : { title: file.metadata.title }),
    params: file?.params ?? {},
    ...budgetOf(file?.budget),
    retention: (file?.retention?.events === undefined ? undefined : duration(file.retention.events)) ?? RETENTION,
    limits: all,
  }
}
