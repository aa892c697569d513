import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readChange } from '../../cli/local-change.js'
import { checkLocal } from '../../cli/local-check.js'
import { createShell, type Shell } from '../../cli/shell.js'

const HEAD = 'apiVersion: agenticos.dev/v1\nkind: '
const FILES: Readonly<Record<string, string>> = {
  'models.yaml': `${HEAD}Models\nmodels:\n  small: {provider: ollama, model: x, price: free}\n`,
  'policy.yaml': `${HEAD}Policy\nagents: [{role: r}]\n`,
  'nets/demo/asker.yaml': `${HEAD}Net\nmetadata: {name: asker}\nplaces: {asked: {category: task}, told: {category: task}}\ntransitions:\n  help: {kind: agent, in: {question: asked}, do: {prompt: Why, model: smal, role: rw}, out: {told: {}}}\n`,
  'alone/models.yaml': `${HEAD}Models\nmodels:\n  small: {provider: ollama, model: x}\n`,
}

let folder: string
let shell: Shell
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agenticos-local-'))
  for (const [path, content] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  shell = createShell({ out: new PassThrough(), err: new PassThrough(), input: new PassThrough(), env: {}, cwd: folder, signal: new AbortController().signal, version: '0' })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function found(path: string): Promise<string[]> {
  const { findings } = await checkLocal(shell, await readChange(shell, path, undefined, false))
  return findings.map(({ level, code, file }) => `${level} ${code} ${file}`)
}

describe('files of this machine', () => {
  it('are held against the models.yaml and policy.yaml that lie beside nets/', async () => {
    expect(await found('.')).toEqual(['warning cost-without-cap nets/demo/asker.yaml', 'error unknown-model nets/demo/asker.yaml', 'error role-above-policy nets/demo/asker.yaml'])
  })

  it('are taken for what they may be where those do not lie', async () => {
    expect(await found('nets/demo')).toEqual(['warning cost-without-cap nets/demo/asker.yaml'])
  })

  it('may be a models.yaml alone', async () => {
    expect(await readChange(shell, 'alone/models.yaml', undefined, false)).toMatchObject({ files: [{ path: 'models.yaml' }], replace: [], sessions: [] })
    expect(await found('alone/models.yaml')).toEqual(['error model-without-price alone/models.yaml'])
  })
})
