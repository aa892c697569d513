import { describe, expect, it } from 'vitest'
import { SETTING_ROWS } from '../../controller/config.js'
import { FAILURES } from '../../controller/errors.js'
import { registry } from '../../controller/metrics.js'
import { flagOf, SETTINGS } from '../../executor/settings.js'
import { MODELS_RULES, POLICY_RULES, RULES, SESSION_RULES } from '../../petri/doctor/doctor.js'
import { FAULT_CODES } from '../../petri/fault-code.js'
import { PROGRAM, read, sources } from '../support/sources.js'

/** The first cell of each row of the tables under a heading: `` | `code` | ... ``. */
function rows(file: string, heading: string): string[] {
  const section = read(file).split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? ''
  return [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, code]) => code ?? '').sort()
}

/** What the sources of some folders write where the pattern's first or second group is. */
function written(folders: readonly string[], pattern: RegExp): string[] {
  const found = sources(folders).flatMap(({ text }) => [...text.matchAll(pattern)].flatMap(([, one, other]) => [one, other]))
  return [...new Set(found.filter((code) => code !== undefined))].sort()
}

const CODE = "'([a-z]+(?:-[a-z]+)*)'"

describe('docs/errors.md', () => {
  it('has one row for every failure of the controller, and none that is gone', () => {
    expect(rows('docs/errors.md', 'Failures')).toEqual(Object.keys(FAILURES).sort())
  })

  it('gives each failure the status and the fate that the program gives it', () => {
    const text = read('docs/errors.md')
    const wrong = Object.entries(FAILURES).filter(([code, { status, fate, title }]) => !text.includes(`| \`${code}\` | ${status} | ${fate} | ${title} | `))
    expect(wrong.map(([code]) => code)).toEqual([])
  })

  it('has one row for every code of a finding, and none that is gone', () => {
    const known = [...RULES, ...SESSION_RULES, ...MODELS_RULES, ...POLICY_RULES, ...FAULT_CODES].map(({ code }) => code).concat(written(['controller/forge'], new RegExp(`\\bcode: ${CODE}`, 'g')))
    expect(rows('docs/errors.md', 'Findings')).toEqual([...new Set(known)].sort())
  })

  it('has one row for every fault of a firing, and none that is gone', () => {
    const pure = written(['petri'], new RegExp(`\\b(?:fault|Misfit|RequestFault)\\(${CODE}`, 'g'))
    const engine = written(['controller'], new RegExp(`\\bfault\\(${CODE}|\\b(?:fault|error): \\{ code: ${CODE}`, 'g'))
    const executor = written(['executor'], new RegExp(`\\bfailed\\((?:[^'(]*'[^']*' \\? )?${CODE}(?: : ${CODE})?`, 'g'))
    expect(rows('docs/errors.md', 'Faults')).toEqual([...new Set([...pure, ...engine, ...executor])].sort())
  })

  it('has one row for every verdict of a session, and none that is gone', () => {
    const verdicts = written(['controller/engine', 'controller/api'], new RegExp(`\\bstatus: \\d+, code: ${CODE}|\\banswer\\(\\d+, ${CODE}`, 'g'))
    const placing = written(['controller/engine'], new RegExp(`\\breturn \\{ fault: \\{ code: ${CODE}`, 'g'))
    expect(rows('docs/errors.md', 'Verdicts')).toEqual([...new Set([...verdicts, ...placing])].sort())
  })
})

describe('docs/operations.md', () => {
  it('has one row for every metric of ours, and none that is gone', async () => {
    const known = (await registry.getMetricsAsJSON()).map(({ name }) => name)
    const ours = known.filter((name) => !/^agenticos_(process|nodejs)_/.test(name)).sort()
    expect(rows('docs/operations.md', 'Metrics')).toEqual(ours)
  })

  it('has one row for every setting, and none that is gone', () => {
    expect(rows('docs/operations.md', 'Settings')).toEqual(SETTING_ROWS.map(({ flag }) => `--${flag}`).sort())
    const text = read('docs/operations.md')
    expect(SETTING_ROWS.filter(({ env, fallback }) => !text.includes(`| \`${env}\` | ${fallback === undefined ? '' : `\`${fallback}\` `}|`)).map(({ env }) => env)).toEqual([])
  })
})

describe('metrics', () => {
  it('have names of ours and labels that cannot grow without bound', async () => {
    const unbounded = new Set(['session', 'net', 'place', 'transition', 'token', 'firing', 'executor', 'url', 'path', 'user', 'error'])
    expect((await registry.getMetricsAsJSON()).filter(({ name }) => !name.startsWith('agenticos_'))).toEqual([])
    const labels = [...read('controller/metrics.ts').matchAll(/\['[a-z]+'(?:, '[a-z]+')*\]/g)].flatMap(([list]) => list.match(/[a-z]+/g) ?? [])
    expect(labels).toContain('kind')
    expect(labels.filter((label) => unbounded.has(label))).toEqual([])
  })
})

describe('the sources', () => {
  it('are found by these tests', () => {
    expect(sources(PROGRAM).length).toBeGreaterThan(20)
  })
})

describe('docs/executors.md', () => {
  it('has one row for every setting of an executor, and none that is gone', () => {
    const known = Object.entries(SETTINGS).map(([key, { env }]) => `${flagOf(key)} ${env}`).sort()
    const told = [...read('docs/executors.md').matchAll(/^\| `(--[a-z-]+)` \| `([A-Z_]+)` \|/gm)].map(([, flag, env]) => `${flag} ${env}`).sort()
    expect(told).toEqual(known)
  })
})
