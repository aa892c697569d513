import { isBranch, MAIN } from './ref-name.js'

/** One ref that a push would move. */
export interface Command {
  readonly from: string
  readonly to: string
  readonly ref: string
}

export interface Push {
  readonly commands: readonly Command[]
  readonly sideband: boolean
  readonly report: boolean
}

/** Reads the commands of a push (gitprotocol-pack); undefined when they are not understood. */
export function readPush(lines: readonly Buffer[]): Push | undefined {
  const commands: Command[] = []
  let capabilities: readonly string[] = []
  for (const line of lines) {
    const text = line.toString('utf8')
    const nul = text.indexOf('\0')
    const head = (nul < 0 ? text : text.slice(0, nul)).replace(/\n$/, '')
    if (/^shallow [0-9a-f]{40}$/.test(head)) continue
    if (nul >= 0 && commands.length === 0) capabilities = text.slice(nul + 1).trim().split(' ')
    const parts = /^([0-9a-f]{40}) ([0-9a-f]{40}) (.+)$/s.exec(head)
    if (!parts) return undefined
    commands.push({ from: parts[1]!, to: parts[2]!, ref: parts[3]! })
  }
  return {
    commands,
    sideband: capabilities.includes('side-band-64k'),
    report: capabilities.includes('report-status') || capabilities.includes('report-status-v2'),
  }
}

/** Why this ref may not be pushed to, in words for the person at the git client; undefined when it may. */
export function refusal({ ref }: Command): string | undefined {
  const how = 'git push origin HEAD:my-change, then: agenticos propose --branch my-change'
  // Where the file system does not tell letters' case apart, refs/heads/Main is main.
  const name = ref.toLowerCase()
  if (name === MAIN) return `main changes by a merged proposal only. To propose this: ${how}`
  if (name.startsWith('refs/proposals/')) return 'proposals are written by the controller only. Push the branch that was proposed; the proposal moves along.'
  if (name === 'refs/heads/drafts' || name.startsWith('refs/heads/drafts/')) return 'drafts are written by agents’ tools only, so that what they say of themselves is true. To go on from one: git push origin HEAD:my-change'
  if (name.startsWith('refs/audit/')) return 'the audit record is written by the controller only.'
  if (name.startsWith('refs/scratch/')) return 'scratch sessions are written by the controller only: agenticos dev DIR --apply.'
  if (!ref.startsWith('refs/heads/') || !isBranch(ref.slice('refs/heads/'.length)))
    return `only branches are pushed here, not ${JSON.stringify(ref.slice(0, 100))}. To propose a change: ${how}`
  return undefined
}
