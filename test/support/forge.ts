import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { openBare } from '../../controller/forge/bare.js'
import type { Forge } from '../../controller/forge/forge.js'
import { openGit, type Git } from '../../controller/forge/git.js'
import { createLog } from '../../controller/log.js'

export interface TestForge {
  readonly forge: Forge
  readonly git: Git
  readonly dataDir: string
  /** how often something asked for a reconciliation */
  readonly changes: () => number
}

const ended: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const end of ended) await end()
})

export const ada = { name: 'ada' }
export const bob = { name: 'bob' }
export const robot = { name: 'robot', agent: true }

/** A real repository in a directory of its own, removed after the file's tests. */
export async function testForge(files: Readonly<Record<string, string>> = {}, changed: () => void = () => {}): Promise<TestForge> {
  const dataDir = await mkdtemp(join(tmpdir(), 'agenticos-forge-'))
  let changes = 0
  const seed = { files: Object.entries(files).map(([path, content]) => ({ path, content })), message: 'Begin', by: ada }
  const forge = await openBare({ dataDir, log: createLog({ level: 'silent' }), changed: () => { changes++; changed() }, seed })
  ended.push(async () => {
    forge.close()
    await rm(dataDir, { recursive: true, force: true })
  })
  return { forge, git: openGit(join(dataDir, 'nets.git')), dataDir, changes: () => changes }
}

/** A small net: what `where` and `extra` say is all that differs. */
export function net(name: string, { threshold = 5, extra = '' }: { threshold?: number; extra?: string } = {}): string {
  return `apiVersion: agenticos.dev/v1
kind: Net
metadata:
  name: ${name}

places:
  todo:
    category: task
  big:
    category: task
  small:
    category: task
  seen:
    category: learning

transitions:
  large:
    kind: pass
    in:
      job: {from: todo, where: '$.size >= ${threshold}'}
    out:
      big: {}

  rest:
    kind: pass
    in:
      job: {from: todo, otherwise: true}
    out:
      small: {}

  note:
    kind: pass
    in:
      job: big
    out:
      seen: {}
${extra}`
}

export const session = (name: string): string => `apiVersion: agenticos.dev/v1\nkind: Session\nmetadata:\n  name: ${name}\n`

/** Proposes files as one person and merges as another; the merge commit. */
export async function merged(forge: Forge, title: string, files: Readonly<Record<string, string | null>>): Promise<string> {
  const from = { files: Object.entries(files).map(([path, content]) => ({ path, content })) }
  const { number } = await forge.proposals.open({ title, body: '', from }, ada)
  const { merged: done } = await forge.proposals.merge(number, bob)
  return done!.commit
}
