import { spawnSync } from 'node:child_process'
import { appendFileSync, chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { packageRoot } from '../../controller/package-root.js'

const ROOT = packageRoot()
const made: string[] = []
let project: string
let stubs: string

/** A project of one source file, whose npm and git are stand-ins that say what they were asked. */
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'agenticos-scripts-'))
  made.push(project)
  stubs = join(project, 'stubs')
  cpSync(join(ROOT, 'scripts'), join(project, 'scripts'), { recursive: true })
  for (const file of ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json']) cpSync(join(ROOT, file), join(project, file))
  mkdirSync(join(project, 'cli'))
  writeFileSync(join(project, 'cli/main.ts'), `console.log('built', process.argv.slice(2).join(' '))\n`)
  mkdirSync(stubs)
  stub('npm', `echo "npm $*" >> "${project}/asked"\nmkdir -p "${project}/node_modules/@types"\nfor name in typescript @typescript @types/node undici-types; do ln -sfn "${ROOT}/node_modules/$name" "${project}/node_modules/$name"; done`)
  stub('git', 'echo "git version 2.39.5"')
})
afterAll(() => { for (const folder of made) rmSync(folder, { recursive: true, force: true }) })

function stub(name: string, script: string): void {
  writeFileSync(join(stubs, name), `#!/bin/sh\n${script}\n`)
  chmodSync(join(stubs, name), 0o755)
}

function run(script: string, args: readonly string[] = []): { status: number | null, out: string, err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(project, 'scripts', script), ...args], { encoding: 'utf8', env: { PATH: `${stubs}:/bin:/usr/bin` } })
  return { status, out: stdout, err: stderr }
}

const asked = (): string => (existsSync(join(project, 'asked')) ? readFileSync(join(project, 'asked'), 'utf8') : '')

describe('the scripts', () => {
  it('install and build what is missing, say so, and say nothing the second time', () => {
    const first = run('agenticos.mjs', ['status', '-o', 'json'])
    expect(first).toMatchObject({ status: 0, out: 'built status -o json\n' })
    expect(first.err).toMatch(/^› installing packages \(npm ci\) \.\.\.\n {2}done in [\d.]+ s\n› compiling \(tsc\) \.\.\.\n {2}done in [\d.]+ s\n$/)
    expect(asked()).toBe('npm ci --no-audit --no-fund --loglevel=error\n')
    expect(run('agenticos.mjs', ['get'])).toEqual({ status: 0, out: 'built get\n', err: '' })
  })

  it('build again what changed, and install again when the lock file did', () => {
    run('build.mjs')
    writeFileSync(join(project, 'cli/main.ts'), `console.log('changed')\n`)
    const changed = run('agenticos.mjs')
    expect(changed).toMatchObject({ status: 0, out: 'changed\n', err: expect.stringMatching(/^› compiling/) })
    appendFileSync(join(project, 'package-lock.json'), '\n')
    expect(run('build.mjs').err).toMatch(/^› installing packages/)
    expect(asked().split('\n')).toHaveLength(3)
  })

  it('keep the last good build when the sources do not compile, and name file and line', () => {
    run('build.mjs')
    writeFileSync(join(project, 'cli/main.ts'), `const n: number = 'text'\n`)
    const failed = run('build.mjs')
    expect(failed.status).toBe(1)
    expect(failed.err).toContain('cli/main.ts(1,7): error TS2322')
    expect(failed.err).toContain('error: compiling (tsc) failed\n  do:  correct what the compiler names above')
    expect(readFileSync(join(project, 'dist/cli/main.js'), 'utf8')).toContain(`'built'`)
    expect(readdirSync(project).filter((name) => name.startsWith('dist.'))).toEqual([])
  })

  it('say what is wrong when npm fails', () => {
    stub('npm', 'echo "npm error network" >&2; exit 1')
    const { status, err } = run('build.mjs')
    expect(status).toBe(1)
    expect(err).toContain('npm error network\n\nerror: installing packages (npm ci) failed\n  do:  look at the message of npm above')
  })

  it.each([
    ['git is too old', 'echo "git version 2.30.2"', 'error: git 2.30 is too old: proposals are merged with git merge-tree --write-tree\n  do:  install git 2.38 or later\n'],
    ['git is not there', 'exit 127', 'error: git is not installed\n  do:  install git 2.38 or later\n'],
  ])('say what to install when %s', (_, script, message) => {
    stub('git', script)
    const { status, err } = run('build.mjs')
    expect(status).toBe(1)
    expect(err).toContain(message)
  })
})
