import { API } from '../protocol/api.js'
import { age } from './age.js'
import { conditions, field, section } from './describe-text.js'
import { finding } from './finding-line.js'
import { printedAsValue, type Format } from './output.js'
import { all } from './pages.js'
import type { Shell } from './shell.js'
import * as nets from './views/nets.js'
import * as work from './views/work.js'
import { events } from './views/history.js'

export async function describeSession(shell: Shell, session: string, output: Format): Promise<void> {
  const client = shell.client()
  const one = await client.call(API.getSession, { params: { session } })
  if (printedAsValue(shell, output, one)) return
  const now = Date.now()
  field(shell, 'Session', one.name)
  field(shell, 'Title', one.title)
  field(shell, 'State', one.state)
  field(shell, 'Revision', one.commit.slice(0, 10))
  field(shell, 'Generation', `${one.adopted} of ${one.generation}`)
  field(shell, 'Events', `${one.seq}, the last ${age(one.lastEventAt, now)} ago`)
  field(shell, 'Head', one.head.slice(0, 16))
  field(shell, 'Inbox', one.inbox)
  conditions(shell, one.conditions)
  section(shell, 'Nets', nets.nets(now), await all(client, API.listNets, { query: { session } }))
  const failed = (await client.call(API.listDead, { params: { session }, query: { limit: 10 } })).items
  if (failed.length > 0) section(shell, 'Dead letters (newest 10)', work.failed(now), failed)
  section(shell, 'Events (newest 10)', events(now), [...(await client.call(API.listEvents, { params: { session }, query: { newest: 'true', limit: 10 } })).items].reverse())
}

export async function describeNet(shell: Shell, session: string, net: string, output: Format): Promise<void> {
  const client = shell.client()
  const params = { session, net }
  const one = await client.call(API.getNet, { params })
  if (printedAsValue(shell, output, one)) return
  const now = Date.now()
  field(shell, 'Net', `${session}/${net}`)
  field(shell, 'Title', one.title)
  field(shell, 'State', one.state)
  field(shell, 'File', `${one.path} at ${one.commit.slice(0, 10)} (blob ${one.blob.slice(0, 10)})`)
  field(shell, 'Params', parameters(one.definition))
  conditions(shell, one.conditions)
  const filter = { params: { session }, query: { net } }
  section(shell, 'Places', nets.places(now), await all(client, API.listPlaces, filter))
  section(shell, 'Transitions', nets.transitions, await all(client, API.listTransitions, filter))
  section(shell, 'Firings (newest 10)', work.firings(now), (await client.call(API.listFirings, { params: { session }, query: { net, limit: 10 } })).items)
  const failed = (await client.call(API.listDead, { params: { session }, query: { net, limit: 10 } })).items
  if (failed.length > 0) section(shell, 'Dead letters (newest 10)', work.failed(now), failed)
  if (one.findings.length === 0) return
  shell.print(`\n${shell.paint('bold', 'Findings')}`)
  for (const found of one.findings) shell.print(finding(shell, found))
}

function parameters(definition: unknown): string {
  const params = typeof definition === 'object' && definition !== null && 'params' in definition ? definition.params : {}
  const text = JSON.stringify(params)
  return text === '{}' ? '' : text
}
