import { z } from 'zod'
import { isObject, type Json } from '../../petri/json.js'
import { parsePath } from '../../petri/arcql/parse.js'
import { readPath } from '../../petri/arcql/path.js'
import { tokenAddress } from '../address.js'
import { tokenParameter } from '../parameter.js'
import { Refusal, tool } from '../tool.js'

const MODES = ['auto', 'text', 'links', 'structure', 'head', 'summarize'] as const

export const extractTokenContent = tool({
  name: 'EXTRACT_TOKEN_CONTENT',
  tier: 'read',
  touch: 'reads',
  description: 'Makes one large token readable: its text without markup, its links, its structure, or its beginning. `offset` goes on where an answer was cut.',
  parameters: z.strictObject({
    token: tokenParameter,
    mode: z.enum(MODES).default('auto').describe('auto (small: all, large: summarize), text, links, structure, head, or summarize (structure, sizes and beginnings).'),
    path: z.string().max(500).optional().describe('Only this part of it, e.g. $.body.'),
    limit: z.int().min(100).max(50_000).default(4_000).describe('Most characters; 4000 unless given, 50000 at most.'),
    offset: z.int().min(0).default(0).describe('Characters to pass over; the answer that was cut tells the next one.'),
  }),
  answer: z.object({
    scope: z.string(), mode: z.string(), characters: z.int().describe('Of the whole, in this mode.'), content: z.string(),
    nextOffset: z.int().optional().describe('It is cut: call again with this offset.'),
  }),
  async run({ token, mode, path, limit, offset }, desk) {
    const { session, id } = tokenAddress(desk, token)
    const found = await desk.tokens.find(session, id)
    const value = path === undefined ? found.data : partOf(found.data, path, id)
    const whole = typeof value === 'string' ? value : JSON.stringify(value, null, 1)
    const used = mode === 'auto' ? (whole.length <= limit ? 'head' : 'summarize') : mode
    const text = READ[used](value, whole)
    const end = offset + limit
    return {
      scope: `${session}/${found.place} ${id}${path === undefined ? '' : ` ${path}`}`, mode: used, characters: text.length, content: text.slice(offset, end),
      ...(text.length > end ? { nextOffset: end } : {}),
    }
  },
})

const READ: Readonly<Record<Exclude<(typeof MODES)[number], 'auto'>, (value: Json, whole: string) => string>> = {
  head: (_, whole) => whole,
  text: (value) => textsOf(value).map(withoutMarkup).join('\n'),
  links: (_, whole) => [...new Set(whole.match(/\bhttps?:\/\/[^\s"'<>\\)\]]+/g) ?? [])].join('\n'),
  structure: (value) => outline(value, 0, false),
  summarize: (value) => outline(value, 0, true),
}

function partOf(data: Json, path: string, id: string): Json {
  const parsed = parsePath(path.startsWith('$') ? path : `$.${path}`)
  if (!parsed.ok) throw new Refusal('bad-query', `path ${path}: ${parsed.message}`, parsed.remedy)
  const value = readPath(parsed.value, data)
  if (value === undefined) throw new Refusal('not-found', `token ${id} has nothing at ${path}`, 'look at it with mode structure')
  return value
}

function textsOf(value: Json): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return [String(value)]
  return Object.values(value).flatMap((inner: Json) => textsOf(inner))
}

/** A page's words: scripts, styles and tags go, the commonest entities are read. */
function withoutMarkup(text: string): string {
  if (!/<[a-z!/]/i.test(text)) return text
  return text.replace(/<(script|style)\b[^>]*>[\s\S]*?<\/\1\s*>/gi, ' ').replace(/<!--[\s\S]*?-->/g, ' ').replace(/<(?:br|\/p|\/div|\/li|\/h\d|\/tr)\b[^>]*>/gi, '\n').replace(/<[^>]+>/g, ' ')
    .replace(/&nbsp;/g, ' ').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, '&')
    .replace(/[ \t]+/g, ' ').replace(/\s*\n\s*/g, '\n').trim()
}

const MOST_KEYS = 60

/** Keys, kinds and sizes, level by level; with the beginnings of texts where asked. */
function outline(value: Json, level: number, beginnings: boolean): string {
  const pad = '  '.repeat(level)
  if (typeof value === 'string') return `text, ${value.length} characters${beginnings ? `: ${JSON.stringify(value.slice(0, 160))}${value.length > 160 ? '…' : ''}` : ''}`
  if (Array.isArray(value)) {
    const first = (value as readonly Json[])[0]
    return `list of ${value.length}${first === undefined || level >= 6 ? '' : `, the first: ${outline(first, level + 1, beginnings)}`}`
  }
  if (!isObject(value)) return beginnings ? JSON.stringify(value) : value === null ? 'null' : typeof value
  const entries = Object.entries(value)
  if (level >= 6) return `object of ${entries.length} keys`
  const lines = entries.slice(0, MOST_KEYS).map(([key, inner]) => `\n${pad}  ${key}: ${outline(inner, level + 1, beginnings)}`)
  return `object of ${entries.length} keys${lines.join('')}${entries.length > MOST_KEYS ? `\n${pad}  … [cut: ${entries.length - MOST_KEYS} more keys]` : ''}`
}
