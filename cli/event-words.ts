import type { EventAnswer } from '../protocol/api/history.js'

interface Produced {
  readonly id?: string
  readonly place?: string
  readonly data?: unknown
}

/** What an event is about: `net/transition`, a place, or nothing. */
export function eventSubject(event: EventAnswer): string {
  const transition = text(event['transition'])
  const net = text(event['net'])
  if (transition !== '') return transition.includes('/') || net === '' ? transition : `${net}/${transition}`
  const produced = producedOf(event)
  return text(event['place']) || produced[0]?.place || net
}

/** An event in one line, from whatever it carries. */
export function eventWords(event: EventAnswer): string {
  const parts: string[] = []
  const firing = event['firing']
  if (typeof firing === 'number' && firing !== event.n) parts.push(`firing ${firing}`)
  const attempt = event['attempt']
  if (typeof attempt === 'number' && attempt > 1) parts.push(`attempt ${attempt}`)
  const consumed = list(event['consumed'])
  if (consumed.length > 0) parts.push(`took ${short(consumed.map(String))}`)
  const reserved = list(event['reserved'])
  if (reserved.length > 0) parts.push(`holds ${short(reserved.map(String))}`)
  const produced = producedOf(event)
  if (produced.length > 0) parts.push(`→ ${short(produced.map((token) => `${token.place ?? '?'} ${JSON.stringify(token.data)}`), 3)}`)
  const error = event['error']
  if (typeof error === 'object' && error !== null) parts.push(`${text('code' in error ? error.code : '')}: ${text('message' in error ? error.message : '')}`)
  for (const key of ['tool', 'model', 'note', 'goal', 'state', 'code', 'why', 'message', 'reason', 'by', 'commit', 'key']) {
    const value = event[key]
    if (typeof value === 'string' && value !== '') parts.push(key === 'by' ? `by ${value}` : key === 'commit' ? value.slice(0, 10) : value)
  }
  const usd = event['usd']
  if (typeof usd === 'number' && usd > 0) parts.push(`$${usd}`)
  return parts.join(' ')
}

function producedOf(event: EventAnswer): Produced[] {
  return list(event['produced']).filter((token): token is Produced => typeof token === 'object' && token !== null)
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function short(words: readonly string[], most = 4): string {
  return words.length <= most ? words.join(' ') : `${words.slice(0, most).join(' ')} and ${words.length - most} more`
}
