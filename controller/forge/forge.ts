import type { Finding } from '../../petri/finding.js'
import type { Plan } from '../../petri/plan.js'
import type { Audit } from './audit.js'
import type { Checked } from './checked.js'
import type { CommitInfo } from './commit.js'
import type { DraftBranches } from './draft-branches.js'
import type { Proposals } from './proposals/proposals.js'
import type { Scratches } from './scratch.js'
import type { GitExchange } from './serve.js'
import type { Change } from './write-tree.js'

/** What a change would do to main, apart from whether it may. */
export interface Preview {
  readonly base: string
  readonly head: string
  readonly files: readonly string[]
  readonly plan: Plan
  readonly findings: readonly Finding[]
}

/** Where structure lives: a git repository whose main branch is the desired state. */
export interface Forge {
  /** the commit of main */
  main(): Promise<string>
  /** the commit that a branch or a whole or short id names */
  resolve(text: string): Promise<string>
  commit(id: string): Promise<CommitInfo>
  /** the text of a file as a commit has it; undefined when it has none there */
  file(commit: string, path: string): Promise<string | undefined>
  /** all nets of a commit or tree, checked; `scratch` is the session of a scratch ref */
  check(treeish: string, scratch?: string): Promise<Checked>
  /** two commits side by side, as they are: nothing is merged */
  compare(base: string, head: string): Promise<Preview>
  /** findings of one net file as it would be in a commit */
  tried(commit: string, file: { readonly path: string; readonly content: string }): Promise<readonly Finding[]>
  /** what files would make of main */
  preview(change: Change): Promise<Preview>
  readonly proposals: Proposals
  readonly drafts: DraftBranches
  readonly audit: Audit
  readonly scratch: Scratches
  /** git's smart HTTP protocol */
  serve(exchange: GitExchange): Promise<void>
  /** packs what has piled up and sweeps drafts that are over; for now and then */
  maintain(): Promise<void>
  close(): void
}
