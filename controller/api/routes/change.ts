import type { FastifyInstance } from 'fastify'
import type { Json } from '../../../petri/json.js'
import { API } from '../../../protocol/api.js'
import type { Finding } from '../../../petri/finding.js'
import type { DraftAnswer, PlanAnswer } from '../../../protocol/api/change.js'
import type { Problem } from '../../../protocol/problem.js'
import { readDraftBranch } from '../../forge/draft-name.js'
import { isOlder, type DraftShown } from '../../forge/draft-show.js'
import type { Preview } from '../../forge/forge.js'
import { netOf } from '../../forge/proposals/leave.js'
import type { Actor } from '../../forge/commit.js'
import type { Context } from '../context.js'
import { landing } from '../landing.js'
import { mount } from '../mount.js'
import { pageOf, readCursor } from '../page.js'
import { maySee, requireSession, type Principal } from '../principal.js'
import { showProposal } from '../show-proposal.js'

const actor = (principal: Principal): Actor => ({ name: principal.name, ...(principal.agent ? { agent: true } : {}) })

/** Proposals, diffs and scratch sessions: the only ways in which structure changes. They reach over all sessions. */
export function changeRoutes(app: FastifyInstance, { db, forge }: Context): void {
  const { proposals } = forge
  const number = (params: { proposal: string }) => Number(params.proposal)
  const shown = async (n: number) => {
    const one = await proposals.show(n)
    return showProposal(one.record, one)
  }

  mount(app, API.listProposals, async ({ query, principal }) => {
    requireSession(principal, '*')
    const before = Number(readCursor(query.cursor, ['number'])?.[0] ?? Infinity)
    const all = (await proposals.list()).filter((one) => (query.state === 'all' || one.state === query.state) && one.number < before)
    const page = pageOf(all.slice(0, query.limit + 1), query.limit, (one) => [one.number], (one) => one)
    const items = await Promise.all(page.items.map((one) => (one.state === 'open' ? shown(one.number) : showProposal(one))))
    return { ...page, items }
  })

  mount(app, API.getProposal, async ({ params, principal }) => {
    requireSession(principal, '*')
    const one = await proposals.show(number(params))
    return {
      ...showProposal(one.record, one), plan: one.verdict.plan as unknown as Json, findings: findings(one.verdict.findings),
      landing: await landing(db, one.verdict.plan),
    }
  })

  mount(app, API.openProposal, async ({ body, principal, reply }) => {
    requireSession(principal, '*')
    const from = 'branch' in body ? { branch: body.branch } : { files: body.files, replace: body.replace }
    const record = await proposals.open({ title: body.title, body: body.body, from }, actor(principal))
    return reply.code(201).header('location', `/v1/proposals/${record.number}`).send(await shown(record.number))
  })

  mount(app, API.commentProposal, async ({ params, body, principal }) => {
    requireSession(principal, '*')
    await proposals.comment(number(params), actor(principal), body.comment)
    return shown(number(params))
  })
  mount(app, API.approveProposal, async ({ params, body, principal }) => {
    requireSession(principal, '*')
    await proposals.approve(number(params), actor(principal), body.comment)
    return shown(number(params))
  })
  mount(app, API.mergeProposal, async ({ params, body, principal }) => {
    requireSession(principal, '*')
    if (body.comment !== '') await proposals.comment(number(params), actor(principal), body.comment)
    await proposals.merge(number(params), actor(principal))
    return shown(number(params))
  })
  mount(app, API.closeProposal, async ({ params, body, principal }) => {
    requireSession(principal, '*')
    await proposals.close(number(params), actor(principal), body.comment)
    return shown(number(params))
  })
  mount(app, API.revertProposal, async ({ params, body, principal, reply }) => {
    requireSession(principal, '*')
    const record = await proposals.revert(number(params), actor(principal), body.comment)
    return reply.code(201).header('location', `/v1/proposals/${record.number}`).send(await shown(record.number))
  })

  mount(app, API.plan, async ({ body, principal }) => {
    requireSession(principal, '*')
    return showPreview(await forge.preview(body))
  })
  mount(app, API.compare, async ({ query, principal }) => {
    requireSession(principal, '*')
    const draft = query.base === undefined ? readDraftBranch(query.head) : undefined
    const verdict = draft && (await forge.drafts.verdict(draft))
    // what a draft means is what merging it would do, however far main has gone since it began
    if (verdict) return showPreview({ base: await forge.main(), ...verdict })
    const base = query.base === undefined ? await forge.main() : await forge.resolve(query.base)
    return showPreview(await forge.compare(base, await forge.resolve(query.head)))
  })

  mount(app, API.listDrafts, async ({ query, principal }) => {
    const [updatedAt, branch] = readCursor(query.cursor, ['string', 'string']) ?? []
    const after = (one: DraftShown): boolean => updatedAt === undefined || isOlder(one, { updatedAt: String(updatedAt), branch: String(branch) })
    const seen = (await forge.drafts.list()).filter((one) => after(one) && sessionsOf(one).every((session) => maySee(principal, session)))
    const page = pageOf(seen.slice(0, query.limit + 1), query.limit, (one) => [one.updatedAt, one.branch], (one) => one)
    const items: DraftAnswer[] = []
    for (const one of page.items) {
      const found = (await forge.drafts.verdict(one))?.findings ?? []
      const count = (level: Finding['level']): number => found.filter((finding) => finding.level === level).length
      items.push({ ...one, files: [...one.files], errors: count('error'), warnings: count('warning') })
    }
    return { ...page, items }
  })

  mount(app, API.listScratch, async ({ principal }) => ({ items: (await forge.scratch.list()).filter((one) => maySee(principal, one.session)) }))
  mount(app, API.putScratch, async ({ params, body, principal }) => {
    requireSession(principal, `scratch-${params.scratch}`)
    return { name: params.scratch, ...(await forge.scratch.put(params.scratch, body.files, actor(principal))) }
  })
  mount(app, API.removeScratch, async ({ params, principal }) => {
    requireSession(principal, `scratch-${params.scratch}`)
    return { removed: await forge.scratch.remove(params.scratch) }
  })
}

/** The sessions that a draft touches; of one that touches none, its own. */
function sessionsOf({ files, session }: DraftShown): string[] {
  const touched = files.flatMap((file) => netOf(file)?.session ?? [])
  return touched.length === 0 ? [session] : [...new Set(touched)]
}

function findings(list: readonly object[]): NonNullable<Problem['findings']> {
  return list as NonNullable<Problem['findings']>
}

function showPreview(preview: Preview): PlanAnswer {
  return { base: preview.base, head: preview.head, changed: preview.files.length > 0, plan: preview.plan as unknown as Json, findings: findings(preview.findings) }
}
