import { describe, expect, it } from 'vitest'
import { imports, PROGRAM, sources } from './support/sources.js'

const LEAVES = ['config', 'log', 'errors', 'metrics', 'loop', 'package-root']
/** Who may import whom, below petri and protocol and the leaves, which all of controller/ may use. */
const IN_CONTROLLER: Record<string, readonly string[]> = {
  store: [], forge: [], kube: [],
  reconcile: ['forge', 'store', 'kube'],
  engine: ['store'],
  dispatch: ['store', 'kube'],
  projections: ['store'],
  api: ['store', 'forge'],
  chat: ['store'],
}
const FLOORS: Record<string, readonly string[]> = {
  petri: [],
  protocol: ['petri'],
  tools: ['petri', 'protocol'],
  executor: ['petri', 'protocol', 'tools'],
  cli: ['petri', 'protocol', 'tools'],
  web: ['petri', 'protocol'],
}
const PURE = new Set(['petri', 'protocol'])

/** The part of the house that a path lies in: `petri`, `controller/store`, or `leaf` and `main` of controller/. */
function part(path: string): string {
  const [floor = '', room = ''] = path.split('/')
  if (floor !== 'controller') return floor
  if (!room.includes('.')) return `controller/${room}`
  return LEAVES.includes(room.replace(/\.[jt]s$/, '')) ? 'leaf' : 'main'
}

function mayImport(from: string): readonly string[] | 'everything' {
  if (from === 'main') return 'everything'
  if (from === 'leaf') return ['leaf', 'petri', 'protocol']
  const room = from.split('/')[1]
  if (room === undefined) return [from, ...(FLOORS[from] ?? [])]
  const tools = room === 'api' ? ['tools'] : []
  return [from, 'leaf', 'petri', 'protocol', ...tools, ...(IN_CONTROLLER[room] ?? []).map((other) => `controller/${other}`)]
}

function trespasses(): string[] {
  return sources(PROGRAM).flatMap((source) => {
    const from = part(source.path)
    const allowed = mayImport(from)
    return imports(source).filter((name) => {
      if (name.startsWith('node:')) return PURE.has(from)
      const ours = PROGRAM.includes(name.split('/')[0] ?? '')
      return ours && allowed !== 'everything' && !allowed.includes(part(name))
    }).map((name) => `${source.path} imports ${name}`)
  })
}

describe('the floors', () => {
  it('are kept: each part imports only what stands below it, and siblings meet in Postgres', () => {
    expect(trespasses()).toEqual([])
  })

  it('have a row for every folder of the controller', () => {
    const rooms = new Set(sources(['controller']).map(({ path }) => part(path)).filter((name) => name.startsWith('controller/')))
    expect([...rooms].filter((room) => !Object.hasOwn(IN_CONTROLLER, room.slice('controller/'.length)))).toEqual([])
  })

  it('are seen by the test: it finds the imports that are there', () => {
    const found = sources(['controller/store']).flatMap(imports)
    expect(found).toContain('controller/errors.js')
    expect(found).toContain('pg')
  })
})
