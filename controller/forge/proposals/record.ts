import { z } from 'zod'
import { fail } from '../../errors.js'
import type { Blobs } from '../blobs.js'
import { line, writeCommit, type Actor } from '../commit.js'
import type { Git } from '../git.js'
import { metaRef } from '../ref-name.js'
import { listRefs, readRef } from '../refs.js'
import { writeOneFile } from '../write-tree.js'

const said = { by: z.string(), at: z.string() }

/** Where a draft of an agent came from: what it was asked, request by request, and what that cost so far. */
const origin = z.strictObject({
  /** `session/net/transition` */
  agent: z.string(),
  session: z.string(),
  conversation: z.string(),
  requests: z.array(z.strictObject({
    firing: z.int(), model: z.string(), prompt: z.string(), summary: z.string(), micros: z.int(), at: z.string(),
  })),
})
export type Origin = z.infer<typeof origin>

/**
 * `proposal.json` in the newest commit of refs/proposals/<n>/meta; the commits before it are its history, so that
 * `git log refs/proposals/3/meta` tells who said and did what.
 */
const record = z.strictObject({
  version: z.literal(1),
  number: z.int(),
  title: z.string(),
  body: z.string(),
  state: z.enum(['open', 'merged', 'closed']),
  by: z.string(),
  agent: z.boolean(),
  /** branch it was opened from; '' when from files */
  branch: z.string(),
  /** commit of main when it was opened */
  base: z.string(),
  head: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  /** an approval counts for the head that it was given for */
  approvals: z.array(z.strictObject({ ...said, comment: z.string(), head: z.string() })),
  comments: z.array(z.strictObject({ ...said, text: z.string() })),
  events: z.array(z.strictObject({ ...said, what: z.string() })),
  merged: z.strictObject({ ...said, commit: z.string() }).nullable(),
  /** the proposal that this one undoes */
  reverts: z.int().nullable(),
  /** of an agent's draft; records from before have none */
  origin: origin.optional(),
})
export type Record = z.infer<typeof record>

const FILE = 'proposal.json'
const LARGEST = 4 * 1024 * 1024

export interface Stored {
  readonly record: Record
  /** commit of refs/proposals/<n>/meta, to compare and set */
  readonly meta: string
}

/** The record of a proposal; not-found when there is none. */
export async function readRecord(git: Git, blobs: Blobs, number: number): Promise<Stored> {
  const meta = await readRef(git, metaRef(number))
  const read = meta === undefined ? undefined : await parse(blobs, meta)
  if (meta === undefined || !read) return fail('not-found', `there is no proposal ${number}`, 'List them: agenticos get proposals.')
  return { record: read, meta }
}

/** All records, newest first. One that cannot be read (written by a newer program, or by hand) is left out. */
export async function listRecords(git: Git, blobs: Blobs): Promise<Record[]> {
  const refs = (await listRefs(git, 'refs/proposals/')).filter(({ ref }) => ref.endsWith('/meta'))
  const records = await Promise.all(refs.map(({ id }) => parse(blobs, id)))
  return records.filter((one) => one !== undefined).sort((a, b) => b.number - a.number)
}

/** Writes the next commit of a record; no ref points at it yet. */
export async function writeRecord(git: Git, next: Record, previous: string | undefined, by: Actor, what: string): Promise<string> {
  const content = `${JSON.stringify(next, null, 2)}\n`
  if (content.length > LARGEST) fail('too-large', `proposal ${next.number} would hold more than ${LARGEST} bytes`, 'Shorten the comment, or go on in a new proposal.')
  const tree = await writeOneFile(git, FILE, content)
  return await writeCommit(git, { tree, parents: previous === undefined ? [] : [previous], message: `${line(what)}\n`, by })
}

async function parse(blobs: Blobs, meta: string): Promise<Record | undefined> {
  const content = await blobs.file(meta, FILE)
  if (!content) return undefined
  try {
    return record.parse(JSON.parse(content.toString('utf8')))
  } catch {
    return undefined
  }
}
