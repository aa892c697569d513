import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as breath } from 'node:timers/promises'
import { z } from 'zod'
import type { Json } from '../../petri/json.js'
import { misread } from '../../protocol/misread.js'
import { usage, type Answer, type Message } from '../../protocol/model.js'
import { ModelFault, type Ask, type Provider } from './provider.js'
import { filledIn } from './recorded-words.js'

const PIECE = 24

/** Answers that a model gave once, for demos and tests. */
export const recording = z.strictObject({
  title: z.string(),
  /** which model gave them, and when */
  recordedWith: z.string(),
  conversations: z.array(z.strictObject({
    /** a part of the user's message that begins it */
    when: z.string().min(1),
    answers: z.array(z.strictObject({
      text: z.string().default(''),
      calls: z.array(z.strictObject({ name: z.string(), input: z.json() })).default([]),
      usage: usage.optional(),
    })).min(1),
  })).min(1),
})
export type Recording = z.input<typeof recording>

/**
 * Says what was recorded: FOLDER/NAME.json, or FOLDER/NAME/recording.json. The latest user message that begins a conversation
 * chooses it, the longest `when` first; assistant messages since then choose the answer.
 */
export function replay(folder: string | undefined): Provider {
  return {
    async ask(ask) {
      if (ask.signal.aborted) throw new ModelFault('aborted', 'the call was stopped', false)
      const { conversations, title } = await readRecording(folder, ask.model.model)
      const found = begun(conversations, ask.messages)
      if (found === undefined) throw new ModelFault('no-recording', `the recording "${title}" begins with none of the messages; it knows: ${conversations.map(({ when }) => `"${when}"`).join(', ')}`, false)
      const said = found.conversation.answers[found.turn]
      if (said === undefined) throw new ModelFault('no-recording', `the recording "${title}" ends after ${found.conversation.answers.length} answers to "${found.conversation.when}"`, false)
      const words = filledIn(said.text, ask.messages)
      await spell(words, ask)
      const calls = said.calls.map(({ name, input }, at) => ({ id: `call_${ask.messages.length}_${at}`, name, input: filledIn(input as Json, ask.messages) as typeof input }))
      const answer: Answer = { text: words, calls, stop: calls.length > 0 ? 'tools' : 'end', usage: said.usage ?? { input: 0, cached: 0, output: 0 }, replayed: true }
      return answer
    },
  }
}

/** Throws ModelFault `no-recording`, in words. */
export async function readRecording(folder: string | undefined, name: string): Promise<z.output<typeof recording>> {
  if (folder === undefined) throw new ModelFault('no-recording', 'this executor has no recordings: name their folder in AGENTICOS_EXECUTOR_RECORDINGS', false)
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/.test(name)) throw new ModelFault('no-recording', `"${name}" is no name of a recording: write letters, digits and dashes`, false)
  const text = await readFile(join(folder, `${name}.json`), 'utf8').catch(() => readFile(join(folder, name, 'recording.json'), 'utf8')).catch(() => undefined)
  if (text === undefined) throw new ModelFault('no-recording', `AGENTICOS_EXECUTOR_RECORDINGS has neither ${name}.json nor ${name}/recording.json`, false)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new ModelFault('no-recording', `the recording ${name} is no JSON: ${(error as Error).message}`, false)
  }
  const read = recording.safeParse(value)
  if (!read.success) throw new ModelFault('no-recording', `the recording ${name}: ${misread(read.error.issues[0]!, recording).message}`, false)
  return read.data
}

function begun<C extends { readonly when: string }>(conversations: readonly C[], messages: readonly Message[]): { conversation: C, turn: number } | undefined {
  let turn = 0
  for (const message of [...messages].reverse()) {
    if (message.role === 'assistant') turn += 1
    if (message.role !== 'user') continue
    const [conversation] = conversations.filter(({ when }) => message.text.includes(when)).sort((a, b) => b.when.length - a.when.length)
    if (conversation !== undefined) return { conversation, turn }
  }
  return undefined
}

/** In pieces, as a model says it; and it can be stopped between them. */
async function spell(text: string, { onText, signal }: Ask): Promise<void> {
  if (onText === undefined) return
  const letters = [...text]
  for (let at = 0; at < letters.length; at += PIECE) {
    onText(letters.slice(at, at + PIECE).join(''))
    await breath()
    if (signal.aborted) throw new ModelFault('aborted', 'the call was stopped', false)
  }
}
