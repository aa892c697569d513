import type { AccessAnswer } from '../../protocol/api/access.js'
import type { DraftAnswer, ProposalAnswer, RevisionAnswer } from '../../protocol/api/change.js'
import type { EventAnswer } from '../../protocol/api/history.js'
import { age } from '../age.js'
import { eventSubject, eventWords } from '../event-words.js'
import type { View } from '../output.js'
import type { Colour } from '../paint.js'
import { stateColour } from './nets.js'

export const eventColour = (row: EventAnswer): Colour | undefined =>
  /refused|failed|poisoned|limit/.test(row.type) ? 'red' : /retried|stopped|dropped|expired|withdrawn|blocked|lifecycle/.test(row.type) ? 'yellow' : undefined

export const events = (now: number): View<EventAnswer> => ({
  none: 'no events',
  name: (row) => `${row.session}/${row.n}`,
  columns: [
    { head: 'EVENT', cell: (row) => row.n, right: true },
    { head: 'AGE', cell: (row) => age(row.at, now) },
    { head: 'TIME', cell: (row) => row.at, wide: true },
    { head: 'TYPE', cell: (row) => row.type, colour: eventColour },
    { head: 'OBJECT', cell: (row) => eventSubject(row) },
    { head: 'CORRELATION', cell: (row) => String(row['correlation'] ?? ''), wide: true },
    { head: 'WHAT', cell: (row) => eventWords(row) },
  ],
})

export const proposals = (now: number): View<ProposalAnswer> => ({
  none: 'no proposals: agenticos propose DIR opens one',
  name: (row) => `proposal/${row.number}`,
  columns: [
    { head: 'NUMBER', cell: (row) => row.number, right: true },
    { head: 'STATE', cell: (row) => row.state, colour: stateColour },
    { head: 'MERGEABLE', cell: (row) => (row.state === 'open' ? row.mergeable : ''), colour: (_, text) => (text === 'True' ? 'green' : text === 'False' ? 'red' : undefined) },
    { head: 'BY', cell: (row) => row.by },
    { head: 'APPROVED', cell: (row) => row.approvals.map((one) => one.by).join(',') },
    { head: 'FINDINGS', cell: (row) => (row.errors + row.warnings === 0 ? '' : `${row.errors}e ${row.warnings}w`), colour: (row) => (row.errors > 0 ? 'red' : 'yellow') },
    { head: 'BRANCH', cell: (row) => row.branch, wide: true },
    { head: 'HEAD', cell: (row) => row.head.slice(0, 10), wide: true },
    { head: 'AGE', cell: (row) => age(row.createdAt, now) },
    { head: 'TITLE', cell: (row) => row.title },
    { head: 'STATUS', cell: (row) => row.reason, wide: true },
  ],
})

export const drafts = (now: number): View<DraftAnswer> => ({
  none: 'no drafts: agents begin one with their first change of a net',
  name: (row) => row.branch,
  columns: [
    { head: 'DRAFT', cell: (row) => row.branch },
    { head: 'SESSION', cell: (row) => row.session, wide: true },
    { head: 'BY', cell: (row) => row.by },
    { head: 'FIRING', cell: (row) => row.firing ?? '', wide: true },
    { head: 'AGE', cell: (row) => age(row.createdAt, now) },
    { head: 'EDITED', cell: (row) => age(row.updatedAt, now) },
    { head: 'FINDINGS', cell: (row) => (row.errors + row.warnings === 0 ? '' : `${row.errors}e ${row.warnings}w`), colour: (row) => (row.errors > 0 ? 'red' : 'yellow') },
    { head: 'PROPOSAL', cell: (row) => row.proposal ?? '' },
    { head: 'HEAD', cell: (row) => row.head.slice(0, 10), wide: true },
    { head: 'FILES', cell: (row) => row.files.join(',') },
  ],
})

export const revisions = (now: number): View<RevisionAnswer> => ({
  none: 'no revisions yet: the reconciler has not seen a commit',
  name: (row) => row.commit,
  columns: [
    { head: 'COMMIT', cell: (row) => row.commit.slice(0, 10), colour: () => 'yellow' },
    { head: 'STATE', cell: (row) => row.state, colour: stateColour },
    { head: 'CURRENT', cell: (row) => (row.current ? '*' : '') },
    { head: 'FINDINGS', cell: (row) => (row.errors + row.warnings === 0 ? '' : `${row.errors}e ${row.warnings}w`) },
    { head: 'AUTHOR', cell: (row) => row.author },
    { head: 'COMMITTED', cell: (row) => age(row.committedAt, now), wide: true },
    { head: 'APPLIED', cell: (row) => age(row.appliedAt, now) },
    { head: 'SUBJECT', cell: (row) => row.subject },
    { head: 'STATUS', cell: (row) => row.reason, wide: true },
  ],
})

export const access = (now: number): View<AccessAnswer> => ({
  none: 'no access tokens',
  name: (row) => row.id,
  columns: [
    { head: 'ID', cell: (row) => row.id },
    { head: 'NAME', cell: (row) => row.name },
    { head: 'KIND', cell: (row) => row.kind },
    { head: 'SCOPES', cell: (row) => row.scopes.join(',') },
    { head: 'SESSIONS', cell: (row) => row.sessions.join(',') },
    { head: 'TOOLS', cell: (row) => `${row.role ?? ''}${row.agent ? ' agent' : ''}`.trim() },
    {
      head: 'STATE', colour: (_, text) => (text === 'valid' ? 'green' : 'red'),
      cell: (row) => (row.revokedAt !== null ? 'revoked' : row.expiresAt !== null && Date.parse(row.expiresAt) <= now ? 'expired' : 'valid'),
    },
    { head: 'EXPIRES', cell: (row) => (row.expiresAt === null ? 'never' : row.expiresAt.slice(0, 10)) },
    { head: 'USED', cell: (row) => age(row.lastUsedAt, now) },
    { head: 'AGE', cell: (row) => age(row.createdAt, now) },
  ],
})
