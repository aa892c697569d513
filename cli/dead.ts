import { API } from '../protocol/api.js'
import { readAddress } from './address.js'
import { awaitDecision, tellVerdicts } from './decision.js'
import { usage } from './failure.js'
import { all } from './pages.js'
import type { Shell } from './shell.js'

/** Retries or drops dead letters: named by id, or all of a session, net or transition. */
export async function decideDead(shell: Shell, verb: 'retry' | 'drop', name: string, ids: readonly string[], everything: boolean): Promise<void> {
  const { session, targets } = await find(shell, verb, name, ids, everything)
  if (targets.length === 0) return shell.warn('no dead letters there')
  const failures: unknown[] = []
  for (const [nth, token] of targets.entries()) {
    if (targets.length > 1) shell.progress(`${verb} ${nth + 1} of ${targets.length}`)
    try {
      const first = await shell.client().call(API.decideDead, { params: { session, token }, body: { verb }, signal: shell.signal })
      const decision = first.state === 'decided' ? first : await awaitDecision(shell, session, first.key)
      tellVerdicts(shell, decision, `${session}/${token}`, verb === 'retry' ? 'put back' : 'dropped')
    } catch (error) {
      if (targets.length === 1) throw error
      failures.push(error)
      shell.warn(`${session}/${token}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  if (failures.length > 0) shell.exit = 1
}

async function find(shell: Shell, verb: string, name: string, ids: readonly string[], everything: boolean): Promise<{ session: string; targets: readonly string[] }> {
  const slash = /^([a-z][a-z0-9-]*)\/(\d+-\d+)$/.exec(name)
  if (slash) {
    if (everything) usage('one dead letter and --all were given', `agenticos ${verb} ${name}, or agenticos ${verb} ${slash[1]} --all`)
    return { session: slash[1]!, targets: [slash[2]!, ...ids] }
  }
  const { session, net, element } = readAddress(name, 1, 3, 'SESSION/ID, or SESSION[/NET[/TRANSITION]] with --all')
  if (ids.length > 0 && !everything) return { session, targets: ids }
  if (!everything || ids.length > 0) usage(`which dead letters of ${name}?`, `agenticos ${verb} ${session}/ID, or agenticos ${verb} ${name} --all; agenticos get failed ${session} lists them`)
  const query = { ...(net === undefined ? {} : { net }), ...(element === undefined ? {} : { transition: element }) }
  const letters = await all(shell.client(), API.listDead, { params: { session }, query })
  return { session, targets: letters.map((letter) => letter.id).reverse() }
}
