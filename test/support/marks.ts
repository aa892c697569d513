import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROUTES } from '../../protocol/api.js'
import type { River } from './river.js'

/** What no text may hold of a secret: its first and last letters, plain, in hex, and in base64 however it is aligned. */
export function marksOf(core: string): string[] {
  const aligned = [0, 1, 2].map((offset) => Buffer.from('\0'.repeat(offset) + core).toString('base64').slice(4, 32))
  return [core.slice(0, 16), core.slice(-16), Buffer.from(core).toString('hex').slice(0, 32), ...aligned]
}

/** Which marks a text holds, each with what stands before it. */
export function leaks(text: string, marks: readonly string[]): string[] {
  const whole = text.replaceAll('\\n', '').replaceAll('\n', '')
  return marks.filter((mark) => whole.includes(mark)).map((mark) => `${mark.slice(0, 6)}...: ${whole.slice(Math.max(0, whole.indexOf(mark) - 150), whole.indexOf(mark))}`)
}

/** Every row of every table of a river as text, by table. */
export async function tables({ db }: River): Promise<Map<string, string>> {
  const names = await db.query<{ name: string }>(`select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')`)
  const found = new Map<string, string>()
  for (const { name } of names) found.set(name, (await db.query<{ text: string }>(`select row_to_json(t)::text as text from ${name} t`)).map((row) => row.text).join('\n'))
  return found
}

/** Every object of the net repository, of all branches and of none. */
export function objects({ dataDir }: River): string {
  return execFileSync('git', ['--git-dir', join(dataDir, 'nets.git'), 'cat-file', '--batch-all-objects', '--batch'], { maxBuffer: 100_000_000 }).toString('latin1')
}

/** Every file below a folder. */
export function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? files(join(folder, entry.name)) : entry.isFile() ? [join(folder, entry.name)] : []))
}

/** Whatever the API answers to reads, page by page, by path: every GET route with these parameters, and what else is asked for. */
export async function reads(river: River, known: Readonly<Record<string, string>>, more: readonly string[] = []): Promise<Map<string, string>> {
  const admin = readFileSync(join(river.dataDir, 'admin-token'), 'utf8').trim()
  const found = new Map<string, string>()
  const paths = [...ROUTES.values()].filter((route) => route.method === 'GET' && route.produces === undefined).map((route) => route.path.replace(/:([a-z]+)/gi, (_, name: string) => known[name]!))
  for (const path of [...paths, ...more, '/metrics', '/openapi.json', '/readyz']) {
    for (let cursor = ''; ;) {
      const answered = await fetch(`${river.url}${path}${cursor === '' ? '' : `${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`}`, { headers: { authorization: `Bearer ${admin}` } })
      const text = await answered.text()
      found.set(path, (found.get(path) ?? '') + text)
      const next = answered.headers.get('content-type')?.includes('json') ? (JSON.parse(text) as { next?: string }).next : undefined
      if (next === undefined) break
      cursor = next
    }
  }
  return found
}
