import type { Finding } from '../../../petri/finding.js'
import { nearest } from '../../../petri/nearest.js'
import { EditFault } from '../../../petri/net-edit/edit-fault.js'
import { readNetText, writeNetText } from '../../../petri/net-edit/net-text.js'
import { printPlan } from '../../../petri/plan-text.js'
import type { DraftPort, DraftView, NetAt } from '../../../tools/desk.js'
import { Refusal } from '../../../tools/tool.js'
import { draftBranch, draftName } from '../../forge/draft-name.js'
import type { DraftEdit } from '../../forge/draft-write.js'
import { SCRATCH } from '../../forge/layout.js'
import { readRepository } from '../../store/repository/read.js'
import type { Context } from '../context.js'
import { enter, type Bound } from './bound.js'
import { mergeDraft } from './merge-draft.js'
import { proposeDraft } from './propose-draft.js'

/** The draft of one caller: nets of the sessions that it covers, and nothing else of the repository. */
export function draftDesk(context: Context, bound: Bound): DraftPort {
  const { db, forge } = context
  const { caller } = bound
  const name = draftName(caller.session, caller.draft)
  const by = { name: caller.name, agent: caller.agent }

  const settle = (session: string): void => {
    enter(bound, session)
    if (session.startsWith(SCRATCH)) throw new Refusal('scratch-session', `${session} is a scratch session: it runs files of somebody’s folder, and main has none of it`, 'work on a session of the repository; LIST_ALL_SESSIONS tells which there are')
  }

  const checkedAt = async (commit: string, session: string, net: string, ref: string, scratch?: string): Promise<NetAt> => {
    const nets = (await forge.check(commit, scratch)).sessions.get(session)?.nets
    const found = nets?.get(net)
    if (!found) {
      const near = nearest(net, nets?.keys() ?? [])
      throw new Refusal('not-found', `there is no net ${session}/${net} at ${ref}`, near === undefined ? `session ${session} has ${[...(nets?.keys() ?? [])].slice(0, 30).join(', ') || 'no nets there'}` : `did you mean ${near}?`)
    }
    return { ref, commit, path: found.path, text: (await forge.file(commit, found.path)) ?? '', net: found.net, findings: found.findings }
  }

  const resolved = async (ref: string, session: string): Promise<{ commit: string; shown: string; scratch?: string }> => {
    if (ref === 'draft') {
      const draft = await forge.drafts.find(name)
      return draft ? { commit: draft.head, shown: draft.branch } : { commit: await forge.main(), shown: 'main' }
    }
    if (ref !== 'running') return { commit: await forge.resolve(ref), shown: ref }
    const scratch = session.startsWith(SCRATCH) ? (await forge.scratch.list()).find((one) => one.session === session) : undefined
    if (scratch) return { commit: scratch.commit, shown: 'running', scratch: session }
    const { applied } = await readRepository(db)
    if (applied === '') throw new Refusal('not-found', 'nothing runs yet: no commit was applied', 'ask for ref draft, or wait until main is applied')
    return { commit: applied, shown: 'running' }
  }

  const read: DraftPort['read'] = async (session, net) => {
    enter(bound, session)
    const commit = await forge.drafts.head(name)
    for (const path of pathsOf(session, net)) {
      const text = await forge.file(commit, path)
      if (text !== undefined) return { value: plainly(() => readNetText(path, text)), path, text }
    }
    return undefined
  }

  const write = async (session: string, net: string, edit: Parameters<DraftPort['edit']>[3]): Promise<DraftEdit['edit']> => {
    settle(session)
    return async (readFile) => {
      for (const path of pathsOf(session, net)) {
        const text = await readFile(path)
        if (text === undefined) continue
        const after = plainly(() => edit(readNetText(path, text), path))
        return [{ path, content: after === undefined ? null : plainly(() => writeNetText(path, after, text)) }]
      }
      const path = pathsOf(session, net)[0]!
      const made = plainly(() => edit(undefined, path))
      return made === undefined ? [] : [{ path, content: plainly(() => writeNetText(path, made)) }]
    }
  }

  return {
    read,
    async edit(session, net, what, edit) {
      const { firing } = caller
      const trailers = { Tool: what.split(' ')[0]!, ...(firing ? { Firing: `${firing.session}/${firing.firing}`, Conversation: firing.correlation } : {}) }
      const { changed } = await forge.drafts.write(name, { what, by, trailers, edit: await write(session, net, edit) })
      return { branch: draftBranch(name), changed, findings: (await forge.drafts.verdict(name))?.findings ?? [] }
    },
    async view(): Promise<DraftView | undefined> {
      const draft = await forge.drafts.find(name)
      return draft && { key: draft.key, branch: draft.branch, base: draft.base, head: draft.head, proposal: draft.proposal, files: draft.files }
    },
    async findings(session, net) {
      if (session === undefined || net === undefined) return (await forge.drafts.verdict(name))?.findings ?? []
      enter(bound, session)
      const { commit, shown } = await resolved('draft', session)
      return byLevel((await checkedAt(commit, session, net, shown)).findings)
    },
    async at(ref, session, net) {
      enter(bound, session)
      const { commit, shown, scratch } = await resolved(ref, session)
      return await checkedAt(commit, session, net, shown, scratch)
    },
    async tried(session, net, edit) {
      enter(bound, session)
      const before = await read(session, net)
      if (!before) throw new Refusal('not-found', `there is no net ${session}/${net}`, 'LIST_SESSION_NETS tells which there are')
      const head = await forge.drafts.head(name)
      const content = plainly(() => writeNetText(before.path, edit(before.value, before.path), before.text))
      return byLevel(await forge.tried(head, { path: before.path, content }))
    },
    async diff() {
      const verdict = await forge.drafts.verdict(name)
      return verdict ? printPlan(verdict.plan) : ''
    },
    propose: (summary) => proposeDraft(context, bound, name, by, summary),
    merge: () => mergeDraft(context, bound, name, by),
  }
}

/** Where a net may lie; YAML is what a new one is written in. */
function pathsOf(session: string, net: string): string[] {
  // session.yaml says what a session is and may spend: that is not an agent's to change
  if (net === 'session') throw new Refusal('bad-name', 'no net is called session: that file describes the session itself', 'give the net another name; a person changes session.yaml')
  return ['yaml', 'pnml'].map((extension) => `nets/${session}/${net}.${extension}`)
}

function plainly<T>(edit: () => T): T {
  try {
    return edit()
  } catch (error) {
    if (error instanceof EditFault) throw new Refusal(error.code, error.message, error.remedy)
    throw error
  }
}

const ORDER = { error: 0, warning: 1, info: 2 } as const

function byLevel(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => ORDER[a.level] - ORDER[b.level])
}
