import type { LeaseRef } from '../../protocol/executor.js'
import type { TranscriptStep } from '../../protocol/ledger.js'
import { fail } from '../errors.js'
import { transcript as read, type CallRow } from '../store/calls/transcript.js'
import type { Dispatch } from './dispatch.js'

/** What all attempts of a leased firing recorded, in order. */
export async function transcript(dispatch: Dispatch, executor: string, firing: LeaseRef): Promise<TranscriptStep[]> {
  const rows = await read(dispatch.db, executor, firing)
  if (rows === undefined) fail('conflict', `the lease of firing ${firing.firing} of ${firing.session} is over`, 'end the work: someone else has it, or will')
  return rows.map(stepOf)
}

function stepOf({ call, kind, name, input, output, refused, micros }: CallRow): TranscriptStep {
  if (kind === 'tool') return { kind, call, tool: name, input, output, refused }
  const answer = output?.answer ?? undefined
  return { kind, call, model: name, purpose: input?.purpose ?? '', sent: input?.sent ?? [], ...(answer === undefined ? {} : { answer }), micros }
}
