import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageRoot } from '../../controller/package-root.js'
import { PROGRAM, sources } from '../support/sources.js'

const there = (path: string): boolean => existsSync(join(packageRoot(), path))
const pages = [...sources(['docs', 'nets'], /\.md$/), ...sources(['.'], /^\.\/[A-Z]+\.md$/).map((page) => ({ ...page, path: page.path.slice(2) }))]

describe('the pages', () => {
  it('link to files that are there', () => {
    const broken = pages.flatMap(({ path, text }) => [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, to]) => to ?? '')
      .filter((to) => !/^[a-z]+:/.test(to) && !there(join(dirname(path), to))).map((to) => `${path} -> ${to}`))
    expect(broken).toEqual([])
  })

  it('name source files that are there', () => {
    const missing = pages.flatMap(({ path, text }) => [...text.matchAll(/`((?:petri|protocol|controller|executor|cli|test|scripts)\/[\w./-]+\.(?:ts|mjs|sql))`/g)]
      .map(([, name]) => name ?? '').filter((name) => !there(name)).map((name) => `${path} names ${name}`))
    expect(missing).toEqual([])
  })

  it('are there where the program sends its users to', () => {
    const missing = sources([...PROGRAM, 'scripts']).flatMap(({ path, text }) => [...text.matchAll(/\bdocs\/[\w/-]+\.md\b/g)].map(([name]) => name)
      .filter((name) => !there(name)).map((name) => `${path} names ${name}`))
    expect(missing).toEqual([])
  })
})
