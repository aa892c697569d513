// kill -9 at any point of an edit: a draft has the edit whole or not at all, and making it again goes on from there.
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { draftRef } from '../../../controller/forge/draft-name.js'
import { net, session, testForge } from '../../support/forge.js'
import { forkTs, killed, said } from '../../support/fork-ts.js'

const LINES = 8
const name = { session: 'demo', key: 'killed' }

describe('a draft whose writer is killed', () => {
  it('has each edit once, however often the writer is killed and begins anew', async () => {
    const { forge, git, dataDir } = await testForge({ 'nets/demo/session.yaml': session('demo'), 'nets/demo/sort.yaml': net('sort') })
    for (let round = 0; round < 3; round++) {
      const child = forkTs('./draft-process.ts', [dataDir, String(LINES)])
      // from where it got the last time, one or two edits further, and then somewhere inside the next
      while (await said<number>(child) < round * 2) { /* on */ }
      await killed(child)
      const text = (await forge.file(await forge.drafts.head(name), 'nets/demo/sort.yaml'))!
      expect(text.startsWith(net('sort'))).toBe(true)
      expect(text.endsWith('\n')).toBe(true)
      expect(await git.text(['fsck', '--connectivity-only', '--no-dangling'])).not.toMatch(/missing|broken/)
    }
    const last = forkTs('./draft-process.ts', [dataDir, String(LINES)])
    await once(last, 'exit')
    const text = (await forge.file(await forge.drafts.head(name), 'nets/demo/sort.yaml'))!
    expect(text).toBe(`${net('sort')}${Array.from({ length: LINES }, (_, at) => `# line ${at}\n`).join('')}`)
    expect(await git.text(['rev-list', '--count', `main..${draftRef(name)}`])).toBe(String(LINES))
    expect(await git.text(['for-each-ref', '--format=%(refname)'])).toBe(`${draftRef(name)}\nrefs/heads/main`)
  }, 240_000)
})
