import type { CommitInfo } from '../forge/commit.js'
import type { Forge } from '../forge/forge.js'

/** What the repository wants to run: main, and each scratch session beside it. */
export interface Fetched {
  readonly main: CommitInfo
  readonly scratch: readonly { readonly session: string; readonly info: CommitInfo }[]
}

export async function fetch(forge: Forge): Promise<Fetched> {
  const main = await forge.commit(await forge.main())
  const scratch = []
  for (const { session, commit } of await forge.scratch.list()) scratch.push({ session, info: await forge.commit(commit) })
  return { main, scratch }
}
