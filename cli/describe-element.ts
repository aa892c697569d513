import type { Net, Transition } from '../petri/net.js'
import { API } from '../protocol/api.js'
import { age, duration } from './age.js'
import { field, heading, section } from './describe-text.js'
import { CliFailure } from './failure.js'
import { inscriptionLines } from './inscription-text.js'
import { printedAsValue, type Format } from './output.js'
import { plainLines } from './paint.js'
import type { Shell } from './shell.js'
import * as work from './views/work.js'

async function definitionOf(shell: Shell, session: string, net: string): Promise<Net> {
  return (await shell.client().call(API.getNet, { params: { session, net } })).definition as unknown as Net
}

export async function describeTransition(shell: Shell, session: string, net: string, name: string, output: Format): Promise<void> {
  const client = shell.client()
  const transition: Transition = (await definitionOf(shell, session, net)).transitions[name]!
  const listed = await client.call(API.listTransitions, { params: { session }, query: { net, limit: 1000 } })
  const state = listed.items.find((row) => row.name === name)
  const query = { net, transition: name, limit: 10 }
  const { items: firings } = await client.call(API.listFirings, { params: { session }, query })
  const { items: effects } = await client.call(API.listEffects, { query: { ...query, session } })
  const { items: failed } = await client.call(API.listDead, { params: { session }, query })
  const { items: costs } = await client.call(API.cost, { query: { session, net } })
  if (printedAsValue(shell, output, { ...transition, status: state ?? null, firings, effects, failed })) return
  const now = Date.now()
  field(shell, 'Transition', `${session}/${net}/${name}`)
  field(shell, 'Kind', transition.kind)
  field(shell, 'Title', transition.title)
  field(shell, 'Description', transition.description)
  field(shell, 'State', `${state?.state ?? 'unknown'}${state?.ready === false ? ', not ready' : ''}`)
  field(shell, 'Message', state?.message)
  const spent = costs.find((row) => row.transition === name)
  field(shell, 'Fired', `${spent?.firings ?? 0} times${(spent?.failed ?? 0) > 0 ? `, failed ${spent!.failed}` : ''}, cost ${spent && spent.usd > 0 ? work.money(spent.usd) : 'nothing'}`)
  heading(shell, 'Inscription')
  for (const line of inscriptionLines(transition)) shell.print(`  ${plainLines(line)}`)
  section(shell, 'Firings (newest 10)', work.firings(now), firings, ['TRANSITION'])
  const running = effects.filter((effect) => effect.state !== 'settled' && effect.state !== 'withdrawn')
  if (running.length > 0) section(shell, 'Effects', work.effects(now), running, ['TRANSITION'])
  if (failed.length > 0) section(shell, 'Dead letters (newest 10)', work.failed(now), failed, ['TRANSITION'])
}

export async function describePlace(shell: Shell, session: string, net: string, name: string, output: Format): Promise<void> {
  const client = shell.client()
  const definition = await definitionOf(shell, session, net)
  const place = Object.hasOwn(definition.places, name) ? definition.places[name] : undefined
  const counted = (await client.call(API.listPlaces, { params: { session }, query: { net, limit: 1000 } })).items.find((row) => row.name === name)
  if (!place && !counted) {
    throw new CliFailure(`${session}/${net} has neither a place nor a transition ${name}`, `agenticos describe ${session}/${net} lists both`)
  }
  const tokens = place || name === '_failed' ? (await client.call(API.listTokens, { params: { session, net, place: name }, query: { limit: 10 } })).items : []
  if (printedAsValue(shell, output, { ...place, status: counted ?? null, items: tokens })) return
  field(shell, 'Place', `${session}/${net}/${name}`)
  field(shell, 'Title', place?.title)
  field(shell, 'Description', place?.description)
  field(shell, 'Category', place?.category ?? counted?.category)
  field(shell, 'Tokens', `${counted?.tokens ?? 0}${counted && counted.reserved > 0 ? `, ${counted.reserved} held by effects` : ''}${counted && counted.orphaned > 0 ? `, ${counted.orphaned} orphaned` : ''}`)
  field(shell, 'Oldest', counted?.oldest ? `${age(counted.oldest, Date.now())} ago` : '')
  field(shell, 'Capacity', place?.capacity)
  field(shell, 'Shares', place?.shares)
  field(shell, 'Key', place?.key === undefined ? '' : `${place.key.join(', ')} (a second one: ${place.onDuplicate})`)
  field(shell, 'Keep', place?.keep)
  field(shell, 'TTL', place?.ttl === undefined ? '' : duration(place.ttl))
  field(shell, 'Largest token', place && `${place.maxBytes} bytes`)
  field(shell, 'Open to', place?.open?.join(', '))
  field(shell, 'Sends to', place?.sends)
  field(shell, 'Schema', place?.schema === undefined ? '' : JSON.stringify(place.schema))
  const users = Object.values(definition.transitions)
  field(shell, 'Taken by', users.filter((one) => one.inputs.some((arc) => arc.from === name)).map((one) => one.name).join(', '))
  field(shell, 'Filled by', users.filter((one) => one.outputs.some((arc) => arc.to === name)).map((one) => one.name).join(', '))
  section(shell, 'Tokens (oldest 10)', work.tokens(session, Date.now()), tokens)
}

export async function describeToken(shell: Shell, session: string, id: string, output: Format): Promise<void> {
  const one = await shell.client().call(API.getToken, { params: { session, token: id } })
  if (printedAsValue(shell, output, one)) return
  field(shell, 'Token', `${session}/${one.id}`)
  field(shell, 'Place', `${session}/${one.place}`)
  field(shell, 'Created', `${one.createdAt} (${age(one.createdAt, Date.now())} ago)`)
  field(shell, 'Produced by', one.producedBy)
  field(shell, 'Parents', one.parents.join(', '))
  field(shell, 'Depth', one.depth)
  field(shell, 'Correlation', one.correlationId)
  field(shell, 'State', one.superseded ? 'superseded' : one.reservedBy !== null ? `held by firing ${one.reservedBy}` : one.orphaned ? 'orphaned: its place is gone' : 'free')
  heading(shell, 'Data')
  for (const line of JSON.stringify(one.data, null, 2).split('\n')) shell.print(`  ${plainLines(line)}`)
}
