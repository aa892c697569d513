import { z } from 'zod'
import { API } from '../../protocol/api.js'
import type { Route } from '../../protocol/api/route.js'

/** The API on one self-contained page: no script, nothing from elsewhere. Made from the very routes. */
export function docsPage(version: string): string {
  const groups = new Map<string, Route[]>()
  for (const route of Object.values(API) as unknown as Route[]) {
    const group = route.path.split('/')[2] === 'sessions' ? route.path.split('/').filter((part) => !part.startsWith(':')).at(-1)! : route.path.split('/')[2]!
    groups.set(group, [...(groups.get(group) ?? []), route])
  }
  const sections = [...groups].sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, routes]) => `<h2 id="${escape(name)}">${escape(name)}</h2>${routes.map(section).join('')}`)
  const links = [...groups.keys()].sort().map((name) => `<a href="#${escape(name)}">${escape(name)}</a>`).join(' ')
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>AgenticNetsOS API ${escape(version)}</title><style>${STYLE}</style></head><body><main>
<h1>AgenticNetsOS API <small>${escape(version)}</small></h1>
<p>Send <code>Authorization: Bearer ant_...</code>. Every error is an <code>application/problem+json</code> with <code>code</code>, <code>detail</code> and <code>remedy</code>.
Lists come by pages: pass <code>next</code> of one as <code>cursor</code> of the following. Puts take an <code>Idempotency-Key</code>: the same key gets the first answer.
For machines: <a href="/openapi.json">/openapi.json</a>. Open to all: <code>/livez</code>, <code>/readyz</code>. With scope read: <code>/metrics</code>. Net repository: <code>/git/nets.git</code>.</p>
<nav>${links}</nav>${sections.join('')}</main></body></html>`
}

const STYLE = `:root{color-scheme:light dark;--line:color-mix(in srgb,currentColor 18%,transparent)}body{font:15px/1.5 system-ui,sans-serif;margin:0}
main{max-width:60rem;margin:0 auto;padding:2rem 1.2rem}h1 small{font-weight:400;opacity:.6}h2{margin-top:2.5rem;border-bottom:1px solid var(--line)}
code,pre{font-family:ui-monospace,monospace;font-size:.92em}pre{overflow:auto;background:color-mix(in srgb,currentColor 6%,transparent);padding:.7rem;border-radius:.4rem;max-height:24rem}
details{border:1px solid var(--line);border-radius:.5rem;margin:.5rem 0;padding:.45rem .8rem}summary{cursor:pointer}summary b{display:inline-block;min-width:4.2rem}
summary span{float:right;opacity:.65}nav a{margin-right:.6rem}`

function section(route: Route): string {
  const parts = [['Query', route.query], ['Body', route.body], ['Answer', route.answer]] as const
  const shapes = parts.map(([title, schema]) => shape(title, schema)).join('')
  return `<details><summary><b>${route.method}</b> <code>${escape(route.path)}</code> <span>${route.scope ?? 'open'}</span></summary>
<p>${escape(route.title)}.</p>${shapes}</details>`
}

function shape(title: string, schema: z.ZodType): string {
  const json = z.toJSONSchema(schema, { unrepresentable: 'any', io: title === 'Answer' ? 'output' : 'input' }) as Record<string, unknown>
  delete json['$schema']
  const empty = JSON.stringify(json)
  if (/"anyOf":\[\{(?:"not":\{\})?\}?,?/.test(empty) && /"type":"null"/.test(empty) && empty.length < 80) return ''
  if (json['type'] === 'object' && Object.keys((json['properties'] as object | undefined) ?? {}).length === 0) return ''
  return `<h4>${title}</h4><pre>${escape(JSON.stringify(json, null, 2))}</pre>`
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
