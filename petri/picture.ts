import type { Category, InputArc, Net, OutputArc, Transition } from './net.js'

type Point = readonly [number, number]
export type Layout = Readonly<Record<string, Point>>

const RADIUS = 20
const HALF: Point = [30, 15]
const MARGIN = { left: 70, top: 50, right: 70, bottom: 60 }
const FILL: Readonly<Record<Category, string>> = { task: '#ffffff', context: '#eef6ff', tool: '#f4f0ff', learning: '#eefaf0' }
const STYLE = `text{font:12px system-ui,sans-serif;fill:#1f2933;text-anchor:middle;paint-order:stroke;stroke:#fff;stroke-width:3px}.kind{font-size:10px;fill:#fff;stroke:none}.place{stroke:#52606d;stroke-width:1.6}
.arc{fill:none;stroke:#7b8794;stroke-width:1.4}.read{stroke-dasharray:5 4}.error{stroke:#c2410c}.pure{fill:#334e68}.effect{fill:#b44d12}`

/** The net as SVG, by its layout; nodes without one stand in a row below. Deterministic: the same net, the same text. */
export function picture(net: Net, layout: Layout): string {
  const at = placed(net, layout)
  const points = [...at.values()]
  const [left, top] = [Math.min(...points.map(([x]) => x)) - MARGIN.left, Math.min(...points.map(([, y]) => y)) - MARGIN.top]
  const [width, height] = [Math.max(...points.map(([x]) => x)) + MARGIN.right - left, Math.max(...points.map(([, y]) => y)) + MARGIN.bottom - top]
  const arcs = Object.values(net.transitions).flatMap((transition) => arcsOf(transition, net, at))
  const places = Object.values(net.places).map((place) => node(at.get(place.name)!, place.name, place.title, ([x, y]) => `<circle class="place" cx="${x}" cy="${y}" r="${RADIUS}" fill="${FILL[place.category]}"/>`))
  const transitions = Object.values(net.transitions).map((transition) => {
    const effect = ['http', 'command', 'llm', 'agent'].includes(transition.kind)
    return node(at.get(transition.name)!, transition.name, transition.title, ([x, y]) =>
      `<rect class="${effect ? 'effect' : 'pure'}" x="${x - HALF[0]}" y="${y - HALF[1]}" width="${2 * HALF[0]}" height="${2 * HALF[1]}" rx="3"/><text class="kind" x="${x}" y="${y + 3.5}">${kindWord(transition)}</text>`)
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${left} ${top} ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(net.title ?? net.name)}">`,
    `<style>${STYLE}</style>`,
    ...['arrow', 'wrong'].map((id) => `<marker id="${id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="${id === 'arrow' ? '#7b8794' : '#c2410c'}"/></marker>`),
    '<marker id="none" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><circle cx="4" cy="4" r="3" fill="#fff" stroke="#7b8794" stroke-width="1.2"/></marker>',
    `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="#fff" rx="8"/>`,
    ...arcs, ...places, ...transitions, '</svg>', '',
  ].join('\n')
}

function placed(net: Net, layout: Layout): Map<string, Point> {
  const names = [...Object.keys(net.places), ...Object.keys(net.transitions)]
  const known = names.filter((name) => Object.hasOwn(layout, name))
  const below = Math.max(0, ...known.map((name) => layout[name]![1])) + (known.length === 0 ? 0 : 120)
  let next = 0
  return new Map(names.map((name) => [name, Object.hasOwn(layout, name) ? layout[name]! : [110 * next++, below]]))
}

function node(point: Point, name: string, title: string | undefined, shape: (point: Point) => string): string {
  return `<g>${title === undefined ? '' : `<title>${escape(title)}</title>`}${shape(point)}<text x="${point[0]}" y="${point[1] + RADIUS + 15}">${escape(name)}</text></g>`
}

function kindWord(transition: Transition): string {
  return transition.schedule === undefined ? transition.kind : `${transition.kind} ↻`
}

function arcsOf(transition: Transition, net: Net, at: ReadonlyMap<string, Point>): string[] {
  const here = at.get(transition.name)!
  const ins = transition.inputs.filter((arc) => Object.hasOwn(net.places, arc.from))
  const outs = transition.outputs.filter((arc, nth) => transition.outputs.findIndex((other) => other.to === arc.to && other.on === arc.on) === nth)
  const both = (place: string): boolean => ins.some((arc) => arc.from === place) && outs.some((arc) => arc.to === place)
  return [...ins.map((arc) => into(arc)), ...outs.map((arc) => outOf(arc))]

  function into(arc: InputArc): string {
    const tip = arc.mode === 'inhibit' ? 'none' : arc.mode === 'read' ? undefined : 'arrow'
    return line(at.get(arc.from)!, here, true, both(arc.from) ? 14 : 0, arc.mode === 'read' ? 'arc read' : 'arc', tip)
  }
  function outOf(arc: OutputArc): string {
    const twin = outs.some((other) => other !== arc && other.to === arc.to) && arc.on === 'error'
    return line(here, at.get(arc.to)!, false, both(arc.to) ? 14 : twin ? 18 : 0, arc.on === 'error' ? 'arc error' : 'arc', arc.on === 'error' ? 'wrong' : 'arrow')
  }
}

/** From edge to edge of the two shapes, bent to its left by so much. */
function line(from: Point, to: Point, fromPlace: boolean, bend: number, style: string, tip: string | undefined): string {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]]
  const length = Math.hypot(dx, dy) || 1
  const middle: Point = [(from[0] + to[0]) / 2 + (dy / length) * bend * 2, (from[1] + to[1]) / 2 - (dx / length) * bend * 2]
  const begin = edge(from, middle, fromPlace)
  const end = edge(to, middle, !fromPlace)
  const way = bend === 0 ? `M${begin.join(' ')}L${end.join(' ')}` : `M${begin.join(' ')}Q${middle.map(short).join(' ')} ${end.join(' ')}`
  return `<path class="${style}" d="${way}"${tip === undefined ? '' : ` marker-end="url(#${tip})"`}/>`
}

function edge(from: Point, towards: Point, round: boolean): [number, number] {
  const [dx, dy] = [towards[0] - from[0], towards[1] - from[1]]
  const length = Math.hypot(dx, dy) || 1
  const reach = round ? RADIUS + 1 : Math.min(HALF[0] / (Math.abs(dx) / length || 1e-9), HALF[1] / (Math.abs(dy) / length || 1e-9)) + 1
  return [short(from[0] + (dx / length) * reach), short(from[1] + (dy / length) * reach)]
}

function short(value: number): number {
  return Math.round(value * 10) / 10
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
