import type { Origin } from './proposals/record.js'

export type Request = Origin['requests'][number]

const MOST_REQUESTS = 50
const LONGEST_PROMPT = 4_000

/** An origin with one more request; of a firing that is there already the newest words count. */
export function withRequest(origin: Omit<Origin, 'requests'>, before: Origin | undefined, request: Request): Origin {
  const cut = request.prompt.length <= LONGEST_PROMPT ? request.prompt : `${request.prompt.slice(0, LONGEST_PROMPT)}… (cut: ${request.prompt.length - LONGEST_PROMPT} more characters)`
  const others = (before?.requests ?? []).filter(({ firing }) => firing !== request.firing)
  return { ...origin, requests: [...others, { ...request, prompt: cut }].slice(-MOST_REQUESTS) }
}

/** What so many requests cost together, in micro-dollars. */
export function costOf({ requests }: Origin): number {
  return requests.reduce((sum, { micros }) => sum + micros, 0)
}

/** The body of an agent's proposal: why, what it was asked, who it is, what it cost so far. */
export function bodyOf(origin: Origin): string {
  const { agent, conversation, requests } = origin
  const last = requests.at(-1)
  const section = (title: string, text: string): string => `## ${title}\n\n${text}`
  return [
    section('Why', requests.map(({ summary }) => summary.trim()).filter((text) => text !== '').join('\n\n') || 'The agent did not say.'),
    section('Prompt', requests.map(({ prompt }) => prompt.trim().split('\n').map((text) => `> ${text}`).join('\n')).join('\n\n')),
    section('Agent', `${agent}, firing ${last?.firing ?? '?'}, model ${last?.model || 'unknown'}, conversation ${conversation}`),
    section('Cost so far', `${(costOf(origin) / 1e6).toFixed(6)} USD`),
  ].join('\n\n')
}
