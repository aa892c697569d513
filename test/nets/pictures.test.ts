import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageRoot } from '../../controller/package-root.js'
import { DEMO_NETS, drawDemoNet } from '../support/demo-net.js'

const read = (path: string) => readFileSync(join(packageRoot(), 'nets/demo', path), 'utf8')

describe.each(DEMO_NETS)('the folder of the demo net %s', (name) => {
  it('has a picture that shows the net as it is; if not: node test/support/run-ts.mjs scripts/pictures.ts', () => {
    expect(read(`${name}/${name}.svg`)).toBe(drawDemoNet(name))
  })

  it('has a page that shows the picture, and names every place and transition in it', () => {
    expect(read(`${name}/README.md`)).toContain(`](${name}.svg)`)
    for (const node of drawDemoNet(name).matchAll(/<text x="[^"]+" y="[^"]+">([^<]+)<\/text>/g)) expect(read(`${name}/${name}.yaml`)).toContain(`  ${node[1]}:`)
  })

  it('says of its sample that it is made up', () => {
    if (!read(`${name}/README.md`).includes('sample.log')) return expect(name).toBe('retry-and-escalate')
    expect(read(`${name}/README.md`)).toMatch(/`sample\.log` is our own making/)
  })
})
