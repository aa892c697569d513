import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { expect, it } from 'vitest'
import { checkRepository } from '../../../petri/doctor/check.js'
import { readYaml } from '../../../petri/yaml/read.js'

const demo = new URL('../../../nets/demo/', import.meta.url)
const files = (readdirSync(demo, { recursive: true }) as string[]).filter((file) => file.endsWith('.yaml')).sort()

it('the nets that come with the product have no finding of level warning or error', () => {
  expect(files.length).toBeGreaterThan(1)
  const { findings, sessions } = checkRepository(files.map((file) => readYaml(`nets/demo/${basename(file)}`, readFileSync(new URL(file, demo), 'utf8'))))
  expect(findings.filter(({ level }) => level !== 'info')).toEqual([])
  expect([...sessions.get('demo')!.nets.keys()].sort()).toEqual(files.filter((file) => file.includes('/')).map((file) => basename(file, '.yaml')).sort())
})
