import type { EventAnswer } from '../../protocol/api/history.js'
import type { ProgressItem } from '../../protocol/ledger.js'
import { isObject, type Json } from '../../petri/json.js'

/** What came of a turn. */
export interface Reply {
  /** what the agent answered; undefined: the turn failed */
  readonly text: string | undefined
  readonly error: { readonly code: string; readonly message: string } | undefined
}

export interface ToolCall {
  readonly tool: string
  readonly input: Json
  readonly ok: boolean
  readonly code: string
  readonly message: string
  readonly durationMs: number | undefined
}

/** One thing of a turn as it happens. */
export type Happening =
  | { readonly kind: 'words'; readonly text: string }
  | { readonly kind: 'begun'; readonly tool: string; readonly text: string }
  | { readonly kind: 'called'; readonly call: ToolCall; readonly result: string | undefined }
  /** the result of a call that was told before; apart: others were told since */
  | { readonly kind: 'result'; readonly tool: string; readonly text: string; readonly apart: boolean }
  | { readonly kind: 'waits'; readonly text: string }
  | { readonly kind: 'proposed'; readonly proposal: number }
  | { readonly kind: 'ended'; readonly reply: Reply }

const NET = 'coordinator'

/**
 * A turn, folded from the events of its conversation and what is said between them. It begins with the event that put the
 * request and ends with the first reply, or dead letter, of the firing that took it.
 */
export class Turn {
  /** id of the token that asks */
  readonly request: string
  readonly #results = new Map<string, string[]>()
  readonly #told = new Map<string, number>()
  #lastTold = ''
  #firing: number | undefined
  #words = ''
  toolCalls = 0
  micros = 0
  replayed = false
  model = ''
  proposal: number | undefined
  reply: Reply | undefined

  constructor(request: string) {
    this.request = request
  }

  /** the firing that answers, once it has begun */
  get firing(): number | undefined {
    return this.#firing
  }

  /** what the model said aloud since its last call of a tool */
  get words(): string {
    return this.#words
  }

  hear(item: ProgressItem): Happening[] {
    if (this.reply !== undefined || (this.#firing !== undefined && item.firing !== this.#firing)) return []
    switch (item.type) {
      case 'text':
        this.#words += item.text
        return [{ kind: 'words', text: item.text }]
      case 'call':
        this.#words = ''
        return [{ kind: 'begun', tool: item.tool ?? '', text: item.text }]
      case 'result': {
        // the event of the call comes another way, sooner or later than this
        const [tool, told] = [item.tool ?? '', this.#told.get(item.tool ?? '') ?? 0]
        if (told > 0) {
          this.#told.set(tool, told - 1)
          const apart = this.#lastTold !== tool
          if (apart) this.#lastTold = ''
          return [{ kind: 'result', tool, text: item.text, apart }]
        }
        this.#results.set(tool, [...(this.#results.get(tool) ?? []), item.text])
        return []
      }
      case 'waiting':
        return [{ kind: 'waits', text: item.text }]
      case 'step':
        return []
    }
  }

  see(event: EventAnswer): Happening[] {
    if (this.reply !== undefined) return []
    if (this.#firing === undefined && list(event['reserved']).includes(this.request)) this.#firing = event.n
    const mine = event['firing'] === this.#firing && this.#firing !== undefined
    if (event.type === 'token.removed' && list(event['consumed']).includes(this.request)) return this.#end({ text: undefined, error: { code: 'cancelled', message: 'the request was taken back' } })
    const ended = mine || list(event['consumed']).includes(this.request) ? this.#ending(event) : undefined
    return ended !== undefined ? this.#end(ended) : mine ? this.#note(event) : []
  }

  #end(reply: Reply): Happening[] {
    this.reply = reply
    return [{ kind: 'ended', reply }]
  }

  #note(event: EventAnswer): Happening[] {
    switch (event.type) {
      case 'llm.called':
        this.micros += number(event['micros']) ?? 0
        this.model = text(event['model']) || this.model
        this.replayed ||= event['replayed'] === true
        return []
      case 'tool.called':
      case 'tool.refused': {
        this.toolCalls++
        const tool = text(event['tool'])
        const ok = event.type === 'tool.called' && event['ok'] !== false
        const call = { tool, input: (event['input'] ?? {}) as Json, ok, code: text(event['code']), message: text(event['message']), durationMs: number(event['durationMs']) }
        const result = this.#results.get(tool)?.shift()
        this.#lastTold = tool
        if (result === undefined) this.#told.set(tool, (this.#told.get(tool) ?? 0) + 1)
        return [{ kind: 'called', call, result }]
      }
      case 'budget.exceeded':
        return [{ kind: 'waits', text: text(event['message']) }]
      case 'proposal.opened': {
        const proposal = number(event['proposal'])
        if (proposal === undefined) return []
        this.proposal = proposal
        return [{ kind: 'proposed', proposal }]
      }
      default:
        return []
    }
  }

  #ending(event: EventAnswer): Reply | undefined {
    for (const token of list(event['produced'])) {
      if (!isObject(token as Json)) continue
      const { place, data } = token as { place?: string; data?: Json }
      if (place === `${NET}/replies` && isObject(data)) {
        return typeof data['error'] === 'string' ? { text: undefined, error: { code: text(data['code']), message: data['error'] } } : { text: text(data['text']), error: undefined }
      }
      // the operator's dead letters are in its own net
      if (place?.endsWith('/_failed')) {
        const error = isObject(data) && isObject(data['error']) ? data['error'] : {}
        return { text: undefined, error: { code: text(error['code']), message: text(error['message']) || 'it ended as a dead letter' } }
      }
    }
    return undefined
  }
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}
