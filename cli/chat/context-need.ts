import type { ModelAnswer } from '../../protocol/api/models.js'
import { plain } from '../paint.js'
import type { ChatRole } from './conversation.js'

/**
 * Tokens of context with which an agent of chat has room to work: its rules, the descriptions of its tools and what is read
 * back of a conversation may fill seven tenths. test/cli/chat/context-need.test.ts holds it against what is really sent.
 */
export const CONTEXT_NEED: Readonly<Record<ChatRole, number>> = { rl: 16_000, rwl: 28_000, rwxl: 32_000, rwxhl: 32_000 }

/** One line when the model that will answer has too little context for the role; undefined where it has enough, or none is known. */
export function contextWarning(models: readonly ModelAnswer[], asked: string | undefined, role: ChatRole = 'rwl'): string | undefined {
  const model = models.find((one) => (asked === undefined ? one.default : one.name === asked))
    ?? models.find((one) => one.tiers.some((tier) => tier === asked))
  const need = CONTEXT_NEED[role]
  if (model === undefined || model.context >= need) return undefined
  return `model ${plain(model.name)} has a context of ${model.context} tokens, and role ${role} needs about ${need}: raise its context: in models.yaml`
}
