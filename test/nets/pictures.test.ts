import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageRoot } from '../../controller/package-root.js'
import { drawDemoNet, OWN_NETS } from '../support/demo-net.js'

/** Nets that are fed by no lines of a log. */
const WITHOUT_SAMPLE = ['coordinator', 'operator', 'retry-and-escalate', 'two-agents']

describe.each(OWN_NETS)('the folder of the net %s/%s', (session, name) => {
  const read = (path: string) => readFileSync(join(packageRoot(), 'nets', session, path), 'utf8')

  it('has a picture that shows the net as it is; if not: node test/support/run-ts.mjs scripts/pictures.ts', () => {
    expect(read(`${name}/${name}.svg`)).toBe(drawDemoNet(name, session))
  })

  it('has a page that shows the picture, and names every place and transition in it', () => {
    expect(read(`${name}/README.md`)).toContain(`](${name}.svg)`)
    for (const node of drawDemoNet(name, session).matchAll(/<text x="[^"]+" y="[^"]+">([^<]+)<\/text>/g)) expect(read(`${name}/${name}.yaml`)).toContain(`  ${node[1]}:`)
  })

  it('says of its sample that it is made up', () => {
    if (!read(`${name}/README.md`).includes('sample.log')) return expect(WITHOUT_SAMPLE).toContain(name)
    expect(read(`${name}/README.md`)).toMatch(/`sample\.log` is our own making/)
  })
})
