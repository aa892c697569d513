import { admitText } from '../../petri/canonical.js'
import type { AgentRequest, Outcome } from '../../protocol/effect.js'
import type { Answer } from '../../protocol/model.js'
import { failed } from '../failed.js'
import { ModelFault } from '../llm/provider.js'
import { unfenced } from '../unfenced.js'
import { callModel, modelFailed, type Exchange } from './call.js'
import { Conversation } from './conversation.js'
import { Finish } from './finish.js'
import { makeRoom } from './make-room.js'
import { offerOf } from './offer.js'
import { Over } from './over.js'
import { promptOf } from './prompt.js'
import type { Tally } from './tally.js'
import { performCalls, type Toolbox } from './tool-calls.js'

const NUDGE = 'You called no tool. If the task is done, call DONE with a summary; if it cannot be done, call FAIL; else call the tool that comes next.'

/** An agent until it is done: ask the model, do the calls it wants, tell it the results. Throws Over where it ends otherwise. */
export async function runAgent(exchange: Exchange, request: AgentRequest, tally: Tally): Promise<Outcome> {
  const offer = offerOf(request.role)
  const talk = new Conversation(promptOf(exchange.effect, request, offer, exchange.model), offer.bound)
  const box: Toolbox = { exchange, tally, finish: new Finish(exchange, request, tally) }
  let silent = 0
  for (;;) {
    const over = tally.turn()
    if (over !== undefined) return over
    await makeRoom(exchange, talk, tally)
    const answer = await step(exchange, talk, tally, offer)
    tally.said(answer.text)
    talk.add({ role: 'assistant', text: answer.text, calls: answer.calls })
    talk.counted(answer.usage.input)
    if (answer.stop === 'refused') return failed('model-refused', `model ${exchange.model.name} will not do this: ${answer.text.slice(0, 500)}`, { detail: tally.detail() })
    if (answer.calls.length > 0) {
      silent = 0
      const results = await performCalls(box, answer.calls)
      if ('status' in results) return results
      talk.add(...results)
      continue
    }
    silent += 1
    const cut = answer.stop === 'length'
    if (silent > 1 && !cut) {
      const outcome = await asDone(box, request, answer.text)
      if (outcome !== undefined) return outcome
    }
    const stuck = tally.erred(silent === 1 && !cut)
    if (stuck !== undefined) return stuck
    talk.add({ role: 'user', text: cut ? `Your answer was cut off after ${answer.usage.output} tokens. Be shorter. ${NUDGE}` : NUDGE })
  }
}

async function step(exchange: Exchange, talk: Conversation, tally: Tally, offer: ReturnType<typeof offerOf>): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    const { context } = exchange.model
    try {
      return await callModel(exchange, {
        purpose: 'step', messages: talk.messages, sent: talk.takeUnsent(), bound: talk.bound, tools: offer.tools,
        maxTokens: (model) => Math.max(Math.ceil(context / 8), model.context - talk.tokens),
      })
    } catch (error) {
      if (!(error instanceof ModelFault)) throw error
      if (tries === 3) throw new Over(modelFailed(error, 1, tally.partial()))
      talk.overflowed(exchange.model)
      await makeRoom(exchange, talk, tally)
    }
  }
}

/** The second answer without a call is taken at its word: as the summary, or, where a result is asked for, as that if it fits. */
async function asDone({ exchange, finish, tally }: Toolbox, request: AgentRequest, text: string): Promise<Outcome | undefined> {
  if (text.trim() === '') return undefined
  const read = request.schema === undefined ? undefined : admitText(unfenced(text))
  if (read !== undefined && (!read.ok || !finish.fits(read.value))) return undefined
  const over = tally.call()
  if (over !== undefined) return over
  const input = { summary: text.slice(0, 4_000).toWellFormed(), ...(read?.ok === true ? { result: read.value } : {}) }
  const result = await finish.by('DONE', input, exchange.transcript.tool('DONE'))
  return 'status' in result ? result : undefined
}
