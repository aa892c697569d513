import type { Net, SessionConfig } from '../../petri/net.js'
import { planRepository, type Plan } from '../../petri/plan.js'
import type { Checked } from './checked.js'

/** The semantic diff of two checked trees. Nets of equal identity are not compared; one with errors is told by its findings alone. */
export function planChecked(before: Checked, after: Checked): Plan {
  const broken = new Set<string>()
  for (const side of [before, after])
    for (const { nets } of side.sessions.values()) for (const one of nets.values()) if (!one.net) broken.add(`${one.session}/${one.name}`)
  return planRepository(sides(before, after, broken), sides(after, before, broken))
}

function sides(side: Checked, other: Checked, broken: ReadonlySet<string>): Map<string, { config: SessionConfig; nets: Map<string, Net> }> {
  const sessions = new Map<string, { config: SessionConfig; nets: Map<string, Net> }>()
  for (const [session, { config, nets }] of side.sessions) {
    const found = new Map<string, Net>()
    for (const [name, one] of nets)
      if (one.net && !broken.has(`${session}/${name}`) && other.sessions.get(session)?.nets.get(name)?.identity !== one.identity) found.set(name, one.net)
    sessions.set(session, { config, nets: found })
  }
  return sessions
}
