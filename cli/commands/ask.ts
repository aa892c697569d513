import { Option, type Command } from 'commander'
import { NAME } from '../../protocol/api/route.js'
import { mergeAndWait } from '../chat/apply-files.js'
import { contextWarning } from '../chat/context-need.js'
import { ask as askAgent, cancelTurn, newConversation } from '../chat/conversation.js'
import { modelsOf } from '../chat/models.js'
import { needRole } from '../chat/operator.js'
import { createScreen } from '../chat/screen.js'
import { prepareChat } from '../chat/setup.js'
import { showHappening } from '../chat/show-turn.js'
import { readRole } from '../chat/slash.js'
import type { Turn } from '../chat/turn.js'
import { CliFailure, usage } from '../failure.js'
import { jsonText } from '../json-text.js'
import { plainLines } from '../paint.js'
import { readAll } from '../read-input.js'
import type { Shell } from '../shell.js'
import { readSpan } from '../span.js'

interface Options {
  readonly output: 'text' | 'json'
  readonly session: string
  readonly model?: string
  readonly role?: string
  readonly conversation?: string
  readonly merge?: boolean
  readonly yes?: boolean
  readonly timeout: string
}

/** `agenticos ask TEXT`: one turn of a chat, for scripts. */
export function ask(program: Command, shell: Shell): void {
  program.command('ask')
    .description('ask the agent of chat once and print its answer; exit 0 when it answered, 1 when it failed')
    .argument('<text>', 'what is asked; - reads it from stdin')
    .addOption(new Option('-o, --output <format>', 'text or json').choices(['text', 'json']).default('text'))
    .option('--session <name>', 'session that nets are meant to be of', 'demo')
    .option('--model <name>', 'model in models.yaml, fast or thinking')
    .option('--role <role>', 'which tools the agent gets: rl, rwl, rwxl or rwxhl')
    .option('--conversation <id>', 'go on with a conversation')
    .option('--merge', 'merge the proposal it makes, and wait until it runs')
    .option('--yes', 'apply what is missing (the net of chat, models.yaml)')
    .option('--timeout <span>', 'stop the turn after (30s, 5m)', '10m')
    .action(async (given: string, options: Options) => {
      if (!NAME.test(options.session)) usage(`${JSON.stringify(options.session)} is no name of a session`, 'write --session demo')
      const text = given === '-' ? await readAll(shell.input) : given
      if (text.trim() === '') usage('nothing is asked', 'agenticos ask "which nets are there?"')
      const limit = readSpan(options.timeout, '--timeout')
      const agree = async (): Promise<boolean> => options.yes === true
      await prepareChat(shell, agree, false)
      const asked = {
        conversation: options.conversation ?? newConversation(), session: options.session,
        role: options.role === undefined ? undefined : readRole(options.role), model: options.model,
      }
      await needRole(shell, agree, asked.role)
      const little = contextWarning(await modelsOf(shell), asked.model, asked.role)
      if (little !== undefined) shell.warn(little)
      const began = performance.now()
      const turn = await once(shell, asked, text, limit, options)
      const { text: answered, error } = turn.reply!
      if (options.merge && turn.proposal !== undefined && error === undefined) await mergeAndWait(shell, turn.proposal)
      if (error !== undefined) shell.exit = 1
      if (options.output === 'json') {
        return shell.print(jsonText({
          conversation: asked.conversation, ...(answered === undefined ? {} : { text: answered }), ...(error === undefined ? {} : { error }), proposal: turn.proposal ?? null, merged: options.merge === true && turn.proposal !== undefined && error === undefined,
          usd: turn.micros / 1e6, toolCalls: turn.toolCalls, ms: Math.round(performance.now() - began), firing: turn.firing ?? null, model: turn.model, recorded: turn.replayed,
        }, 2))
      }
      if (error !== undefined) throw new CliFailure(error.message, turn.firing === undefined ? 'agenticos status' : `agenticos events system --correlation ${asked.conversation}`)
      if (turn.replayed) shell.warn('recorded session: no model said this now')
      shell.print(plainLines(answered!))
      if (turn.proposal !== undefined) shell.warn(options.merge ? `proposal ${turn.proposal} is merged and runs` : `proposal ${turn.proposal} waits: agenticos diff ${turn.proposal}, agenticos merge ${turn.proposal}`)
    })
}

/** One turn; Ctrl-C and the time limit end it where it runs, not here alone. */
async function once(shell: Shell, asked: Parameters<typeof askAgent>[1], text: string, limit: number, options: Options): Promise<Turn> {
  const screen = createScreen({ ...shell, out: shell.err, paint: shell.paintErr } as Shell, false)
  const late = AbortSignal.timeout(limit)
  let begun: Turn | undefined
  const shown = options.output === 'text' && shell.err.isTTY === true
  try {
    const turn = await askAgent(shell, asked, text, AbortSignal.any([shell.signal, late]), (one, happening) => {
      if (shown && happening.kind === 'called') showHappening(shell, screen, one, happening)
    }, (one) => { begun = one })
    if (turn.reply !== undefined) return turn
  } catch (error) {
    if (!shell.signal.aborted && !late.aborted) throw error
  }
  if (begun !== undefined) await cancelTurn(shell, begun)
  throw new CliFailure(shell.signal.aborted ? 'interrupted: the turn is stopped' : `no answer came within ${options.timeout}: the turn is stopped`, 'allow more with --timeout, or see agenticos events system')
}
