import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { writeCommit } from '../../../controller/forge/commit.js'
import type { Git } from '../../../controller/forge/git.js'
import { mergeTree } from '../../../controller/forge/merge-tree.js'
import { writeTree } from '../../../controller/forge/write-tree.js'
import { ada, testForge } from '../../support/forge.js'

type Files = Readonly<Record<string, string>>
let git: Git
beforeAll(async () => { git = (await testForge()).git })

async function commit(files: Files, ...parents: string[]): Promise<string> {
  const tree = await writeTree(git, undefined, { files: Object.entries(files).map(([path, content]) => ({ path, content })) })
  return await writeCommit(git, { tree, parents, message: 'x\n', by: ada })
}
async function merge(base: Files, ours: Files, theirs: Files): Promise<{ files: Files; conflicts: readonly string[] }> {
  const root = await commit(base)
  const { tree, conflicts } = await mergeTree(git, await commit(ours, root), await commit(theirs, root))
  const names = (await git.text(['ls-tree', '-r', '--name-only', tree])).split('\n').filter((name) => name !== '')
  const files = await Promise.all(names.map(async (name) => [name, (await git.run(['cat-file', 'blob', `${tree}:${name}`])).out.toString()] as const))
  return { files: Object.fromEntries(files), conflicts }
}
const lines = (...changes: readonly (readonly [number, string])[]): string => {
  const all = Array.from({ length: 20 }, (_, at) => `line ${at}`)
  for (const [at, text] of changes) all[at] = text
  return `${all.join('\n')}\n`
}

describe('a three-way merge', () => {
  it('takes from each path what the one side did that did anything', async () => {
    const contents = fc.constantFrom('1\n', '2\n', '3\n')
    const side = fc.dictionary(fc.constantFrom('a', 'b', 'c/d', 'c/e', 'f'), contents, { noNullPrototype: true })
    await fc.assert(fc.asyncProperty(side, side, side, async (base, ours, theirs) => {
      const expected: Record<string, string> = {}
      const conflicts: string[] = []
      for (const path of ['a', 'b', 'c/d', 'c/e', 'f']) {
        const [was, mine, yours] = [base[path], ours[path], theirs[path]]
        const result = yours === was ? mine : mine === was || mine === yours ? yours : 'conflict'
        if (result === 'conflict') conflicts.push(path)
        else if (result !== undefined) expected[path] = result
      }
      const merged = await merge({ z: '', ...base }, { z: '', ...ours }, { z: '', ...theirs })
      expect([...merged.conflicts].sort()).toEqual(conflicts)
      for (const path of conflicts) delete (merged.files as Record<string, string>)[path]
      expect(merged.files).toEqual({ z: '', ...expected })
    }), { numRuns: 25 })
  })

  it('joins different lines of one file, and finds the same line changed twice', async () => {
    const both = await merge({ x: lines(), y: 'y\n' }, { x: lines([1, 'mine']), y: 'y\n' }, { x: lines([15, 'yours']), y: 'y\n' })
    expect(both).toEqual({ files: { x: lines([1, 'mine'], [15, 'yours']), y: 'y\n' }, conflicts: [] })
    const clash = await merge({ x: lines(), y: lines() }, { x: lines([1, 'mine']), y: lines([1, 'a']) }, { x: lines([1, 'yours']), y: lines([19, 'b']) })
    expect(clash.conflicts).toEqual(['x'])
    expect(clash.files['y']).toBe(lines([1, 'a'], [19, 'b']))
  })

  it('never takes one file for another that looks like it', async () => {
    const like = lines([0, 'another'])
    expect(await merge({ old: lines() }, { young: like }, { old: lines([10, 'changed']) })).toMatchObject({ conflicts: ['old'] })
    expect(await merge({ old: lines() }, { young: like }, {})).toEqual({ files: { young: like }, conflicts: [] })
    expect(await merge({ 'a/old': lines(), 'a/more': lines([3, 'm']) }, { 'b/old': lines(), 'b/more': lines([3, 'm']) }, { 'a/old': lines(), 'a/more': lines([3, 'm']), 'a/new': 'n\n' }))
      .toEqual({ files: { 'a/new': 'n\n', 'b/more': lines([3, 'm']), 'b/old': lines() }, conflicts: [] })
  })

  it('says so where one side makes a folder of what the other makes a file', async () => {
    expect((await merge({ z: '1' }, { z: '1', x: '1' }, { z: '1', 'x/y': '1' })).conflicts).toEqual(['x/y'])
    expect((await merge({ z: '1' }, { z: '1', 'x/y': '1' }, { z: '1', x: '1' })).conflicts).toEqual(['x'])
  })

  it('keeps paths that are not UTF-8 as they are', async () => {
    const raw = Buffer.from([0x61, 0xff, 0x62])
    const blob = await git.text(['hash-object', '-w', '--stdin'], { input: 'x' })
    const tree = async (...rows: Buffer[]): Promise<string> => await git.text(['mktree', '-z'], { input: rows.flatMap((name) => [Buffer.from(`100644 blob ${blob}\t`), name, Buffer.from('\0')]) })
    const make = async (id: string, ...parents: string[]): Promise<string> => await writeCommit(git, { tree: id, parents, message: 'x\n', by: ada })
    const base = await make(await tree(Buffer.from('z')))
    const { tree: merged, conflicts } = await mergeTree(git, await make(await tree(Buffer.from('m'), Buffer.from('z')), base), await make(await tree(raw, Buffer.from('z')), base))
    expect(conflicts).toEqual([])
    expect((await git.run(['ls-tree', '-z', '--name-only', merged])).out).toEqual(Buffer.concat([raw, Buffer.from('\0m\0z\0')]))
  })

  it('of unrelated histories is refused', async () => {
    await expect(mergeTree(git, await commit({ a: '1' }), await commit({ b: '1' }))).rejects.toMatchObject({ code: 'unrelated-history' })
  })
})
