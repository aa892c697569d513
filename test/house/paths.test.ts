import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { packageRoot } from '../../controller/package-root.js'
import { read } from '../support/sources.js'

/** Files that git knows, so that what a build or a run leaves behind is not looked at. */
const known = execFileSync('git', ['ls-files', '-z'], { cwd: packageRoot(), encoding: 'utf8' }).split('\0').filter(Boolean)

describe('what is committed', () => {
  it('names no folder of the machine that it was written on', () => {
    // Written in pieces, so that this file does not find itself.
    const machine = new RegExp(['/', '(work|farm|tmp/brief)', '/'].join(''))
    const found = known.filter((path) => path !== 'package-lock.json' && !/\.(png|ico|gz)$/.test(path)).flatMap((path) =>
      read(path).split('\n').flatMap((line, at) => (machine.test(line) ? [`${path}:${at + 1}`] : [])))
    expect(found).toEqual([])
  })

  it('records no registry host in a lock file', () => {
    const locks = known.filter((path) => path.endsWith('package-lock.json'))
    expect(locks).toContain('package-lock.json')
    expect(locks.filter((path) => /"resolved": "https?:/.test(read(path)))).toEqual([])
  })

  it('holds no word of merging left behind', () => {
    const marks = new RegExp(`^(${'<'.repeat(7)}|${'>'.repeat(7)}) `, 'm')
    expect(known.filter((path) => /\.(ts|mjs|json|md|ya?ml|sql)$/.test(path) && marks.test(read(path)))).toEqual([])
  })
})
