import { describe, expect, it } from 'vitest'
import { net, session, testForge } from '../../support/forge.js'
import type { Git } from '../../../controller/forge/git.js'

/** A tree from rows of `mode`, path (as bytes) and content; a submodule has none. */
async function treeOf(git: Git, rows: readonly (readonly [mode: string, path: string | Buffer, content?: string | Buffer])[]): Promise<string> {
  const index = `${git.dir}/index.test.${Math.random().toString(36).slice(2)}`
  const env = { GIT_INDEX_FILE: index }
  await git.run(['read-tree', '--empty'], { env })
  const input: Buffer[] = []
  for (const [mode, path, content] of rows) {
    const id = content === undefined ? '1'.repeat(40) : await git.text(['hash-object', '-w', '--stdin'], { input: content })
    input.push(Buffer.from(`${mode} ${id}\t`), Buffer.from(path as string), Buffer.from('\0'))
  }
  await git.run(['update-index', '-z', '--index-info'], { env, input })
  return await git.text(['write-tree'], { env })
}

const found = async (rows: Parameters<typeof treeOf>[1]): Promise<{ nets: string[]; findings: string[] }> => {
  const { forge, git } = await testForge()
  const { sessions, findings } = await forge.check(await treeOf(git, rows))
  return {
    nets: [...sessions.values()].flatMap((one) => [...one.nets.values()].filter((checked) => checked.net).map((checked) => `${checked.session}/${checked.name}`)),
    findings: findings.filter((one) => one.level !== 'info').map((one) => `${one.level} ${one.code} ${one.file}`),
  }
}

const GOOD = [['100644', 'nets/demo/good.yaml', net('good')]] as const

describe('what lies in a tree', () => {
  it('is read where it belongs, and what means nothing to us is left alone', async () => {
    expect(await found([...GOOD, ['100755', 'nets/demo/too.yaml', net('too')], ['100644', 'nets/demo/session.yaml', session('demo')], ['100644', 'nets/demo/README.md', '# hi'],
      ['100644', 'nets/demo/samples/auth.log', 'x'], ['100644', 'other/x.yaml', '['], ['100644', 'nets/README.md', 'x']])).toEqual({ nets: ['demo/good', 'demo/too'], findings: [] })
  })

  it('is ignored with a finding when it is a link or a submodule, wherever they point', async () => {
    expect(await found([...GOOD, ['120000', 'nets/demo/link.yaml', '/etc/passwd'], ['120000', 'nets/other', '../..'], ['160000', 'nets/module']])).toEqual({
      nets: ['demo/good'], findings: ['warning not-a-file nets/demo/link.yaml', 'warning not-a-file nets/module', 'warning not-a-file nets/other'],
    })
  })

  it.each<[string | Buffer, string]>([
    ['nets/Demo/one.yaml', 'error file-name nets/Demo/one.yaml'], ['nets/demo/One.yaml', 'error file-name nets/demo/One.yaml'], ['nets/demo/one.yml', 'error file-name nets/demo/one.yml'],
    ['nets/demo/--help.yaml', 'error file-name nets/demo/--help.yaml'], ['nets/__proto__/one.yaml', 'error file-name nets/__proto__/one.yaml'], ['nets/demo/a\nb.yaml', 'error file-name nets/demo/a\nb.yaml'],
    ['nets/demo/session.pnml', 'error file-name nets/demo/session.pnml'], ['nets/one.yaml', 'warning misplaced-file nets/one.yaml'], ['nets/demo/deep/one.yaml', 'warning misplaced-file nets/demo/deep/one.yaml'], ['nets/scratch-x/one.yaml', 'error scratch-session nets/scratch-x/one.yaml'],
    [Buffer.from([...Buffer.from('nets/demo/'), 0xff, 0xfe, ...Buffer.from('.yaml')]), 'error file-name nets/demo/\ufffd\ufffd.yaml'],
  ])('under the name %j is a finding', async (path, expected) => {
    const { nets, findings } = await found([...GOOD, ['100644', path, net('one')]])
    expect(findings).toContain(expected)
    expect(nets).toContain('demo/good')
  })

  it.each<[string, Buffer]>([
    ['not UTF-8', Buffer.from([0x61, 0xff, 0xfe, 0x80])], ['binary', Buffer.from([0, 1, 2, 3, 0])], ['empty', Buffer.alloc(0)], ['5 MiB', Buffer.alloc(5 * 1024 * 1024, 'a')], ['a NUL in a text', Buffer.from(`${net('bad')}\u0000`)],
    ['an escaped NUL', Buffer.from(net('bad').replace('name: bad', 'name: bad\n  title: "a\\0b"'))], ['a lone surrogate', Buffer.from(net('bad').replace('name: bad', 'name: bad\n  title: "\\ud800"'))],
    ['an alias bomb', Buffer.from(`a: &a [x, x, x, x, x, x, x, x, x]\n${[...'bcdefghi'].map((name, at) => `${name}: &${name} [${`*${'abcdefgh'[at]!}, `.repeat(9)}]\n`).join('')}`)],
  ])('with content that is %s is an error in that file alone', async (_, content) => {
    const { nets, findings } = await found([...GOOD, ['100644', 'nets/demo/bad.yaml', content]])
    expect(nets).toEqual(['demo/good'])
    expect(findings.filter((one) => one.startsWith('error')).length).toBeGreaterThan(0)
    for (const one of findings) expect(one).toMatch(/ nets\/demo\/bad\.yaml$/)
  })

  it('may be a net in one form only, and a session only in session.yaml', async () => {
    expect((await found([...GOOD, ['100644', 'nets/demo/good.pnml', '<pnml/>']])).findings).toContain('error duplicate-net nets/demo/good.yaml')
    expect((await found([...GOOD, ['100644', 'nets/demo/other.yaml', session('other')]])).findings).toContain('error wrong-kind nets/demo/other.yaml')
    expect((await found([...GOOD, ['100644', 'nets/demo/session.yaml', net('session')]])).findings).toContain('error wrong-kind nets/demo/session.yaml')
  })

  it('is judged beside the nets: settings with unknown keys or no YAML are errors', async () => {
    expect((await found([...GOOD, ['100644', 'policy.yaml', 'x: [']])).findings).toEqual(['error yaml-syntax policy.yaml'])
    expect((await found([...GOOD, ['100644', 'executors/home.yaml', 'x: [']])).findings[0]).toMatch(/^error \S+ executors\/home\.yaml$/)
    expect((await found([...GOOD, ['100644', 'models.yaml', 'kind: Net']])).findings[0]).toMatch(/^error \S+ models\.yaml$/)
  })
})
