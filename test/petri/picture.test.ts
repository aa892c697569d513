import { describe, expect, it } from 'vitest'
import { checkRepository } from '../../petri/doctor/check.js'
import { picture, type Layout } from '../../petri/picture.js'
import { readFile } from '../../petri/read.js'

const HEAD = 'apiVersion: agenticos.dev/v1\nkind: Net\nmetadata: {name: shop, title: "Tea & <cake>"}\n'

function draw(text: string, layout: Layout): string {
  const { sessions, findings } = checkRepository([readFile('nets/demo/shop.yaml', HEAD + text)])
  expect(findings.filter((one) => one.level === 'error')).toEqual([])
  return picture(sessions.get('demo')!.nets.get('shop')!, layout)
}

const NET = `places: {orders: {category: task}, stock: {category: context, tokens: [{n: 1}]}, sold: {category: learning}, wrong: {category: learning}}
transitions:
  sell:
    kind: command
    in: {o: orders, s: stock, x: {from: sold, where: '$.id == \${o.id}', mode: inhibit}}
    do: {argv: [echo, '\${o.id}']}
    out: {sold: {}, wrong: {when: error}}
`
const LAYOUT: Layout = { orders: [0, 0], sell: [150, 0], sold: [300, 0], stock: [150, 120], wrong: [300, 120] }

describe('the picture of a net', () => {
  it('shows each place and transition where the layout says, and each arc in its kind', () => {
    const svg = draw(NET, LAYOUT)
    expect([...svg.matchAll(/<circle class="place" cx="(-?\d+)" cy="(-?\d+)"/g)].map(([, x, y]) => `${x},${y}`)).toEqual(['0,0', '150,120', '300,0', '300,120'])
    expect(svg).toContain('<rect class="effect" x="120" y="-15"')
    const arcs = [...svg.matchAll(/<path class="(arc[^"]*)" d="[^"]+"(?: marker-end="url\(#(\w+)\)")?\/>/g)].map(([, style, tip]) => `${style} ${tip ?? '-'}`)
    expect(arcs).toEqual(['arc arrow', 'arc read -', 'arc none', 'arc arrow', 'arc error wrong'])
  })

  it('is the same text for the same net, and whole without a layout', () => {
    expect(draw(NET, LAYOUT)).toBe(draw(NET, LAYOUT))
    const svg = draw(NET, {})
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
    expect([...svg.matchAll(/<text [^>]+>(\w+)<\/text>/g)].map(([, name]) => name)).toEqual(expect.arrayContaining(['orders', 'stock', 'sold', 'wrong', 'sell']))
  })

  it('carries titles as text, never as markup', () => {
    expect(draw(NET, LAYOUT)).toContain('aria-label="Tea &#38; &#60;cake&#62;"')
  })
})
