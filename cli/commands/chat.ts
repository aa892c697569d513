import type { Command } from 'commander'
import { NAME } from '../../protocol/api/route.js'
import { contextWarning } from '../chat/context-need.js'
import { newConversation } from '../chat/conversation.js'
import { DEMO_LINES } from '../chat/demo-lines.js'
import { mannerOf, openLines } from '../chat/lines.js'
import { modelsOf } from '../chat/models.js'
import { needRole } from '../chat/operator.js'
import { createScreen } from '../chat/screen.js'
import { prepareChat, type Agree } from '../chat/setup.js'
import { readRole, slash, SLASHES } from '../chat/slash.js'
import { lastConversation, rememberConversation } from '../chat/state-file.js'
import { Talk } from '../chat/talk.js'
import { usage } from '../failure.js'
import type { Shell } from '../shell.js'

interface Options {
  readonly session: string
  readonly model?: string
  readonly role?: string
  readonly new?: boolean
  readonly yes?: boolean
  readonly demo?: boolean
}

/** `agenticos chat`: say what you want, see the agent work, merge what it proposes. */
export function chat(program: Command, shell: Shell): void {
  program.command('chat')
    .description('talk with an agent that inspects and designs nets; what it designs is a proposal that you merge')
    .option('--session <name>', 'session that nets are meant to be of', 'demo')
    .option('--model <name>', 'model in models.yaml, fast or thinking')
    .option('--role <role>', 'which tools the agent gets: rl, rwl, rwxl or rwxhl')
    .option('--new', 'begin a new conversation, not the last one')
    .option('--yes', 'apply what is missing (the net of chat, models.yaml) without asking')
    .option('--demo', 'play a recorded session: no model is needed, every answer says so')
    .action(async (options: Options) => {
      if (!NAME.test(options.session)) usage(`${JSON.stringify(options.session)} is no name of a session`, 'write --session demo')
      const role = options.role === undefined ? undefined : readRole(options.role)
      const { server } = shell.connection()
      const manner = mannerOf(shell)
      const lines = openLines(shell, Object.keys(SLASHES))
      try {
        const agree: Agree = async (question) => {
          if (options.yes) return true
          if (manner === 'pipe') return false
          return /^y(es)?$/i.test((await lines.next(`${question} [y/N] `))?.trim() ?? '')
        }
        await prepareChat(shell, agree, options.demo === true)
        await needRole(shell, agree, role)
        const last = options.new || options.demo ? undefined : lastConversation(shell.env, server)
        const talk = new Talk(shell, createScreen(shell, manner === 'rich'), { conversation: last ?? newConversation(), session: options.session, role, model: options.model }, agree)
        if (manner !== 'pipe') shell.print(shell.paint('dim', `${last === undefined ? 'A new conversation' : 'Going on with the last conversation (/new begins another)'} about session ${options.session}. /help lists commands, Ctrl-D leaves.`))
        const little = contextWarning(await modelsOf(shell), options.model, role)
        if (little !== undefined) shell.warn(little)
        if (options.demo && manner !== 'pipe') {
          shell.print(`This is a ${shell.paint('yellow', 'recorded session')}: no model answers, and it knows these lines alone. Tools, proposal, net and command are real.`)
          for (const line of DEMO_LINES) shell.print(`  ${shell.paint('cyan', line)}`)
        }
        let leaving = false
        lines.interrupt = () => {
          if (leaving) return lines.close()
          leaving = true
          shell.print('\nCtrl-C again, or Ctrl-D, leaves')
        }
        for (;;) {
          const line = await lines.next('> ')
          if (line === undefined) break
          leaving = false
          if (line.trim() === '') continue
          if (line.startsWith('/')) {
            if (!await slash(talk, line)) break
            continue
          }
          rememberConversation(shell.env, server, talk.asked.conversation)
          const goes = await talk.turn(line, lines).catch((error: unknown) => {
            talk.complain(error)
            talk.failed = true
            return true
          })
          if (!goes) break
        }
        // a pipe has nobody who saw it fail
        if (manner === 'pipe' && talk.failed) shell.exit = 1
      } finally {
        lines.close()
      }
    })
}
