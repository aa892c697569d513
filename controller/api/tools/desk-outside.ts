import type { Json, JsonObject } from '../../../petri/json.js'
import { containerOrder, type ContainerOrder, type HttpErrand } from '../../../protocol/errand.js'
import type { Outcome, SealedText } from '../../../protocol/effect.js'
import type { Caller } from '../../../tools/caller.js'
import type { OutsidePort } from '../../../tools/desk.js'
import { Refusal } from '../../../tools/tool.js'
import { credentialsOf } from '../../store/errands/credentials-of.js'
import { askErrand, executorsFor, type Ran } from '../ask-errand.js'
import type { Context } from '../context.js'
import { enter, type Bound } from './bound.js'

const HOLE = '${credential}'
const NAME = 'credential'

/** What to do about an errand that failed, by its code. */
const REMEDIES: Readonly<Record<string, string>> = {
  'egress-refused': 'the operator of the executor sets what may be called: AGENTICOS_EGRESS_HOSTS, AGENTICOS_EGRESS_ALLOW; call something else, or ask a person',
  'credential-refused': 'the operator of the executor sets credentials and their hosts: AGENTICOS_CREDENTIALS; ask a person',
  'answer-too-large': 'ask for less: a page, a range, fewer fields',
  'transport': 'check the address; try once more later',
  'timeout': 'try once more later, or ask for less',
  'breaker-open': 'wait a minute: this host failed several times in a row',
  'image-refused': 'take an image that is allowed, or ask a person to allow this one',
  'container-exists': 'DOCKER_STOP it, or take another name',
  'container-missing': 'DOCKER_LIST tells which there are',
  'containers-full': 'DOCKER_STOP one that is no longer needed',
  'engine-failed': 'read what the engine said; an image may be misspelt, or the engine away',
}

/** The caller's way outside: one errand of an executor at a time, and the answer back. */
export function outsideDesk(context: Pick<Context, 'db' | 'hub'>, bound: Bound): OutsidePort {
  const { caller, signal } = bound
  const ask = (session: string, request: HttpErrand | { kind: 'container', order: ContainerOrder }, waitMs: number, executor?: string): Promise<Ran> =>
    askErrand(context, { session, request, waitMs, signal, ...(executor === undefined ? {} : { executor }) })

  return {
    async http(session, { method, url, headers, body, credential }, waitMs) {
      if (session !== '') enter(bound, session)
      const credentials: Record<string, string> = credential === undefined ? {} : { [NAME]: await sourceOf(context, caller, credential) }
      const sealed = credential === undefined ? { ...headers } : withCredential(headers)
      const text = typeof body === 'string' ? { text: body } : {}
      const request: HttpErrand = { kind: 'http', method, url, headers: sealed, credentials, ...(body === undefined || typeof body === 'string' ? text : { json: body as never }) }
      return carried(await ask(session, request, waitMs))
    },
    async container(session, given, waitMs) {
      enter(bound, session)
      const order = containerOrder.parse(given)
      const executors = await executorsFor(context, 'container')
      if (order.verb === 'run') return carried(await ask(session, { kind: 'container', order }, waitMs))
      // Which of them has it is theirs to know.
      const all = await Promise.all(executors.map((executor) => ask(session, { kind: 'container', order }, waitMs, executor)))
      if (order.verb === 'list') return { containers: all.flatMap((ran) => ((carried(ran) as JsonObject)['containers'] as JsonObject[]).map((one) => ({ ...one, executor: ran.executor }))) }
      return carried(all.find(({ outcome }) => outcome.status === 'done') ?? all.find(({ outcome }) => codeOf(outcome) !== 'container-missing') ?? all[0]!)
    },
  }
}

function codeOf(outcome: Outcome): string {
  return outcome.status === 'failed' ? outcome.code : ''
}

function carried({ executor, outcome }: Ran): Json {
  if (outcome.status === 'done') return { ...(outcome.result as JsonObject), executor }
  throw new Refusal(outcome.code, outcome.message, REMEDIES[outcome.code] ?? 'correct the call, or ask a person')
}

/** Where the executor finds a credential. An agent has those that its transition declares; a person those that the executor gives out. */
async function sourceOf({ db }: Pick<Context, 'db'>, caller: Caller, credential: string): Promise<string> {
  if (caller.firing !== undefined) {
    const declared = await credentialsOf(db, caller.firing.session, caller.firing.firing)
    if (Object.hasOwn(declared, credential)) return declared[credential]!
    if (Object.values(declared).includes(credential)) return credential
    const names = Object.keys(declared)
    throw new Refusal('credential-refused', `the transition declares no credential ${credential}`, names.length === 0 ? 'it declares none; a person lists them under `credentials` of the transition' : `it declares ${names.join(', ')}`)
  }
  if (caller.admin !== true) throw new Refusal('credential-refused', `${caller.name} may not use credentials of executors: its token has no scope admin`, 'use an agent whose transition declares it, or a token with the scope admin')
  if (!credential.startsWith('env:')) throw new Refusal('credential-refused', `${credential} is declared nowhere: outside of a transition there are no names`, `write env:${credential}`)
  return credential
}

function withCredential(headers: Readonly<Record<string, string>>): Record<string, SealedText> {
  const filled = Object.entries(headers).map(([name, value]): [string, SealedText] => {
    const parts = value.split(HOLE)
    if (parts.length === 1) return [name, value]
    return [name, { parts: parts.flatMap((part, at) => [...(at === 0 ? [] : [{ credential: NAME, base64: false }]), ...(part === '' ? [] : [part])]) }]
  })
  if (filled.some(([, value]) => typeof value !== 'string')) return Object.fromEntries(filled)
  return { ...Object.fromEntries(filled), authorization: { parts: ['Bearer ', { credential: NAME, base64: false }] } }
}
