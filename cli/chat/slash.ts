import { API } from '../../protocol/api.js'
import type { Plan } from '../../petri/plan.js'
import { nearest } from '../../petri/nearest.js'
import { usage } from '../failure.js'
import { plain } from '../paint.js'
import { planLines } from '../proposal-text.js'
import { money } from '../views/work.js'
import { mergeAndWait } from './apply-files.js'
import { contextWarning } from './context-need.js'
import { ROLES, type ChatRole } from './conversation.js'
import { draftPlan } from './draft-plan.js'
import { modelsOf } from './models.js'
import { needRole } from './operator.js'
import type { Talk } from './talk.js'

interface Slash {
  readonly usage: string
  readonly does: string
  /** false: leave */
  readonly run: (talk: Talk, word: string) => Promise<boolean | void>
}

/** What a line that begins with a slash does. */
export const SLASHES: Readonly<Record<string, Slash>> = {
  '/diff': { usage: '/diff', does: 'what the draft of this conversation would change', run: diff },
  '/merge': { usage: '/merge [N]', does: 'merge the proposal of this conversation, and wait until it runs', run: merge },
  '/role': { usage: '/role [rl|rwl|rwxl|rwxhl]', does: 'which tools the agent gets: see, design, operate, call out', run: role },
  '/model': { usage: '/model [NAME]', does: 'which model answers', run: model },
  '/cost': { usage: '/cost', does: 'what this chat cost so far', run: cost },
  '/stop': { usage: '/stop', does: 'end the turn that runs, as Ctrl-C does', run: async (talk) => talk.screen.line('no turn runs') },
  '/new': { usage: '/new', does: 'begin another conversation: no memory of this one, another draft', run: async (talk) => { talk.anew(); talk.screen.line('a new conversation') } },
  '/help': { usage: '/help', does: 'this list', run: help },
  '/quit': { usage: '/quit', does: 'leave, as Ctrl-D does', run: async () => false },
}

/** Does what a slash line says; false: leave. */
export async function slash(talk: Talk, line: string): Promise<boolean> {
  const [name = '', word = '', more] = line.trim().split(/\s+/)
  const found = Object.hasOwn(SLASHES, name) ? SLASHES[name] : undefined
  if (found === undefined) {
    const near = nearest(name, Object.keys(SLASHES))
    talk.screen.line(`there is no ${plain(name)}; ${near === undefined ? '' : `did you mean ${near}? `}/help lists what there is`)
    return true
  }
  try {
    if (more !== undefined) usage(`${name} takes one word at most`, found.usage)
    return (await found.run(talk, word)) !== false
  } catch (error) {
    talk.complain(error)
    return true
  }
}

async function diff(talk: Talk): Promise<void> {
  const plan = await draftPlan(talk.shell, talk.asked.conversation) ?? (talk.proposal === undefined ? undefined
    : (await talk.shell.client().call(API.getProposal, { params: { proposal: talk.proposal } })).plan as unknown as Plan)
  if (plan === undefined) return talk.screen.line('this conversation changes nothing so far')
  for (const line of planLines(talk.shell, plan)) talk.screen.line(line)
}

async function merge(talk: Talk, word: string): Promise<void> {
  if (word !== '' && !/^[1-9]\d{0,8}$/.test(word)) usage(`${word} is no number of a proposal`, '/merge, or /merge 3')
  const number = word === '' ? talk.proposal : Number(word)
  if (number === undefined) usage('this conversation has no proposal', 'ask for a change first, or name one: /merge 3')
  talk.screen.live(`merging proposal ${number}`)
  await mergeAndWait(talk.shell, number)
  const one = await talk.shell.client().call(API.getProposal, { params: { proposal: number } })
  talk.screen.rest()
  talk.screen.line(`${talk.shell.paint('green', 'merged')} as ${one.merged?.commit.slice(0, 10) ?? ''}: ${plain(one.title)}`)
  const { items } = await talk.shell.client().call(API.listNets)
  for (const { session, net, verb } of (one.plan as unknown as Plan).nets) {
    const now = items.find((item) => item.session === session && item.name === net)
    if (now !== undefined) talk.screen.line(`  ${session}/${net} ${now.ready ? talk.shell.paint('green', now.state === 'running' ? 'runs' : now.state) : talk.shell.paint('red', plain(now.message))}`)
    else if (verb === 'remove') talk.screen.line(`  ${session}/${net} is gone`)
  }
  if (number === talk.proposal) talk.proposal = undefined
}

async function role(talk: Talk, word: string): Promise<void> {
  if (word === '') return talk.screen.line(`role ${talk.asked.role ?? 'rwl'}: rl sees, rwl designs too, rwxl operates too, rwxhl calls out too`)
  const wanted = readRole(word)
  await needRole(talk.shell, talk.agree, wanted)
  talk.asked = { ...talk.asked, role: wanted }
  talk.screen.line(`role ${word} from the next turn on`)
  warnOfContext(talk, await modelsOf(talk.shell))
}

async function model(talk: Talk, word: string): Promise<void> {
  const items = await modelsOf(talk.shell)
  const names = items.map((one) => one.name)
  if (word === '') return talk.screen.line(`model ${plain(talk.asked.model ?? 'of models.yaml')}; there are ${names.map(plain).join(', ') || 'none'}`)
  if (!names.includes(word) && word !== 'fast' && word !== 'thinking') {
    const near = nearest(word, names)
    usage(`there is no model ${word}`, near === undefined ? `there are ${names.join(', ') || 'none'}` : `did you mean ${near}?`)
  }
  talk.asked = { ...talk.asked, model: word }
  talk.screen.line(`model ${plain(word)} from the next turn on`)
  warnOfContext(talk, items)
}

function warnOfContext(talk: Talk, models: Parameters<typeof contextWarning>[0]): void {
  const little = contextWarning(models, talk.asked.model, talk.asked.role)
  if (little !== undefined) talk.screen.line(talk.shell.paint('yellow', little))
}

async function cost(talk: Talk): Promise<void> {
  talk.screen.line(`${talk.micros === 0 ? 'no money' : money(talk.micros / 1e6)} and ${talk.toolCalls} tool calls in this chat; of everything: agenticos cost`)
}

async function help(talk: Talk): Promise<void> {
  const wide = Math.max(...Object.values(SLASHES).map((one) => one.usage.length))
  for (const one of Object.values(SLASHES)) talk.screen.line(`${one.usage.padEnd(wide)}  ${one.does}`)
  talk.screen.line('Everything else is said to the agent. Ctrl-C stops a turn, twice leaves.')
}

/** A role that chat knows. */
export function readRole(text: string): ChatRole {
  return ROLES.find((one) => one === text) ?? usage(`${JSON.stringify(text)} is no role of a chat`, `write one of ${ROLES.join(', ')}`)
}
