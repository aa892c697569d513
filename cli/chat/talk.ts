import { duration } from '../age.js'
import { API } from '../../protocol/api.js'
import { ProblemError, UnreachableError } from '../../protocol/client.js'
import { CliFailure } from '../failure.js'
import { tally } from '../finding-line.js'
import { plain } from '../paint.js'
import type { Shell } from '../shell.js'
import { money } from '../views/work.js'
import { ask, cancelTurn, newConversation, type Asked } from './conversation.js'
import { DraftDiff } from './draft-diff.js'
import { draftPlan } from './draft-plan.js'
import type { Lines } from './lines.js'
import type { Screen } from './screen.js'
import type { Agree } from './setup.js'
import { changesDraft, showHappening } from './show-turn.js'
import type { Turn } from './turn.js'

/** A chat: the conversation that goes on, and what came of it so far. */
export class Talk {
  readonly shell: Shell
  readonly screen: Screen
  readonly agree: Agree
  asked: Asked
  proposal: number | undefined
  micros = 0
  toolCalls = 0
  failed = false
  #diff: DraftDiff

  constructor(shell: Shell, screen: Screen, asked: Asked, agree: Agree) {
    this.shell = shell
    this.screen = screen
    this.agree = agree
    this.asked = asked
    this.#diff = this.#newDiff()
  }

  /** Forgets what was said: other memory, other draft. */
  anew(): void {
    this.asked = { ...this.asked, conversation: newConversation() }
    this.proposal = undefined
    this.#diff = this.#newDiff()
  }

  /** One turn, shown as it happens. Ctrl-C and /stop end the turn; false: the person wants to leave. */
  async turn(text: string, lines: Lines): Promise<boolean> {
    const began = performance.now()
    const leave = new AbortController()
    let [turn, stops] = [undefined as Turn | undefined, 0]
    const stop = (): void => {
      stops++
      if (stops > 1 || turn === undefined) return leave.abort()
      this.screen.live('stopping this turn; Ctrl-C again leaves')
      cancelTurn(this.shell, turn).catch((error: unknown) => this.complain(error))
    }
    const before = lines.interrupt
    lines.interrupt = stop
    const drawing = this.#drawer()
    try {
      turn = await lines.during(() => ask(this.shell, this.asked, text, AbortSignal.any([leave.signal, this.shell.signal]), (one, happening) => {
        showHappening(this.shell, this.screen, one, happening)
        if (happening.kind === 'called' && changesDraft(happening.call)) drawing.wanted()
      }, (one) => {
        turn = one
        this.screen.live('…')
      }), (line) => {
        if (line.trim() !== '/stop') return false
        stop()
        return true
      })
    } catch (error) {
      if (!leave.signal.aborted) throw error
    } finally {
      lines.interrupt = before
      await drawing.done()
      this.screen.rest()
    }
    if (leave.signal.aborted || turn === undefined) return false
    await this.#close(turn, performance.now() - began)
    return !this.shell.signal.aborted
  }

  /** A failure that ends no chat, in two lines. */
  complain(error: unknown): void {
    const next = error instanceof CliFailure ? error.next : error instanceof ProblemError ? error.problem.remedy : error instanceof UnreachableError ? 'is the controller there? agenticos status' : ''
    if (!(error instanceof CliFailure || error instanceof ProblemError || error instanceof UnreachableError)) throw error
    this.screen.line(`${this.shell.paint('red', 'error:')} ${plain(error.message)}`)
    if (next !== '') this.screen.line(`${this.shell.paint('cyan', 'try:')}   ${plain(next)}`)
  }

  /** What became of the turn: proposal, verdict, money, time. */
  async #close(turn: Turn, ms: number): Promise<void> {
    this.micros += turn.micros
    this.toolCalls += turn.toolCalls
    this.failed ||= turn.reply?.error !== undefined
    this.proposal = turn.proposal ?? this.proposal
    if (turn.proposal !== undefined) await this.#tellProposal(turn.proposal)
    const parts = [
      turn.micros > 0 ? money(turn.micros / 1e6) : '', turn.toolCalls > 0 ? `${turn.toolCalls} tool ${turn.toolCalls === 1 ? 'call' : 'calls'}` : '', duration(ms), plain(turn.model),
    ].filter((part) => part !== '')
    // what was recorded is never shown as if a model said it now
    this.screen.line(`${turn.replayed ? `${this.shell.paint('yellow', 'recorded session')}  ` : ''}${this.shell.paint('dim', parts.join('  '))}`)
  }

  async #tellProposal(number: number): Promise<void> {
    const one = await this.shell.client().call(API.getProposal, { params: { proposal: number } }).catch((error: unknown) => void this.complain(error))
    if (one === undefined) return
    const verdict = one.findings.length === 0 ? this.shell.paint('green', 'no findings') : this.shell.paint(one.errors > 0 ? 'red' : 'yellow', tally(one.findings))
    const next = one.mergeable ? '/merge makes it run, /diff shows it' : plain(one.reason)
    this.screen.line(`${this.shell.paint('bold', `proposal ${number}`)} ${plain(one.title)}  ${verdict}  ${this.shell.paint('dim', next)}`)
  }

  #newDiff(): DraftDiff {
    return new DraftDiff(this.shell.paint('bold', 'x') !== 'x')
  }

  /** Draws the draft when it changed; changes that come while it draws are drawn together. */
  #drawer(): { wanted(): void; done(): Promise<void> } {
    let [running, again] = [undefined as Promise<void> | undefined, false]
    const draw = async (): Promise<void> => {
      do {
        again = false
        const plan = await draftPlan(this.shell, this.asked.conversation).catch(() => undefined)
        if (plan !== undefined) for (const line of this.#diff.news(plan)) this.screen.line(`  ${line}`)
      } while (again)
      running = undefined
    }
    return {
      wanted: () => {
        if (running === undefined) running = draw()
        else again = true
      },
      done: async () => await running,
    }
  }
}
