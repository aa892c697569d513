import { setTimeout as sleep } from 'node:timers/promises'
import { Option, type Command } from 'commander'
import { API } from '../../protocol/api.js'
import { ProblemError, UnreachableError } from '../../protocol/client.js'
import { readAddress } from '../address.js'
import { CliFailure, usage } from '../failure.js'
import { readNumber } from '../proposal-number.js'
import { readSpan } from '../span.js'
import type { Shell } from '../shell.js'

/** What is waited for: done, or where it stands now. */
type Look = () => Promise<true | string>

/** `agenticos wait`: until a session is quiet, a net is ready, or a proposal is merged and applied. */
export function wait(program: Command, shell: Shell): void {
  program.command('wait')
    .description('wait until SESSION is --quiet, NET is --ready, or "proposal N" is --merged')
    .argument('<words...>', 'SESSION, SESSION/NET, or proposal N')
    .addOption(new Option('--quiet', 'nothing waits in the inbox and no effect is under way').conflicts(['ready', 'merged']))
    .addOption(new Option('--ready', 'the applied revision is adopted').conflicts(['merged']))
    .option('--merged', 'the proposal is merged and its commit applied')
    .option('--timeout <span>', 'give up after (30s, 5m)', '5m')
    .action(async (words: string[], options: { quiet?: boolean; ready?: boolean; merged?: boolean; timeout: string }) => {
      const limit = readSpan(options.timeout, '--timeout')
      if (!options.quiet && !options.ready && !options.merged) usage('what is waited for?', `agenticos wait ${words[0]} --quiet, --ready or --merged`)
      const look = looker(shell, words, options)
      const what = words.join(' ')
      const end = performance.now() + limit
      // counting what a session holds costs: a long wait looks less often
      for (let [state, pause] = ['', 200]; ; pause = Math.min(pause * 1.2, 2_000)) {
        const seen = await look().catch((error: unknown) => {
          if (error instanceof UnreachableError) return error.message
          throw error
        })
        if (seen === true) {
          shell.done()
          return shell.print(`${what}: ${options.quiet ? 'quiet' : options.ready ? 'ready' : 'merged and applied'}`)
        }
        state = seen
        if (performance.now() > end) throw new CliFailure(`${what} is not there after ${options.timeout}: ${state}`, 'wait longer with --timeout, or see agenticos status')
        shell.progress(`${what}: ${state}`)
        await sleep(pause, undefined, { signal: shell.signal })
      }
    })
}

function looker(shell: Shell, words: readonly string[], options: { quiet?: boolean; ready?: boolean; merged?: boolean }): Look {
  const client = shell.client()
  if (options.merged) {
    const proposal = readNumber(words[0] === 'proposal' || words[0] === 'proposals' ? (words[1] ?? '') : (words[0] ?? ''))
    return async () => {
      const one = await client.call(API.getProposal, { params: { proposal } })
      if (one.state === 'closed') throw new CliFailure(`proposal ${proposal} was closed unmerged`, `agenticos describe proposal ${proposal}`)
      if (one.merged === null) return one.reason === '' ? 'open, and can be merged' : `open: ${one.reason}`
      return applied(shell, one.merged.commit)
    }
  }
  if (words.length !== 1) usage('wait takes one name', 'agenticos wait SESSION --quiet, agenticos wait SESSION/NET --ready or agenticos wait proposal N --merged')
  const { session, net } = readAddress(words[0]!, 1, 2, 'SESSION or SESSION/NET')
  if (options.ready) {
    return () => present(async () => {
      const seen = net === undefined ? await client.call(API.getSession, { params: { session } }) : await client.call(API.getNet, { params: { session, net } })
      return seen.ready ? true : seen.message
    })
  }
  let quiet = 0
  let seq = -1
  return () => present(async () => {
    const seen = await client.call(API.getSession, { params: { session } })
    const still = seen.inbox === 0 && seen.effects === 0 && seen.adopted === seen.generation && seen.seq === seq
    seq = seen.seq
    quiet = still ? quiet + 1 : 0
    return quiet >= 2 ? true : `${seen.inbox} in the inbox, ${seen.effects} effects under way, ${seen.seq} events`
  })
}

/** A name that is not there yet may come: it is waited for. */
async function present(look: Look): Promise<true | string> {
  try {
    return await look()
  } catch (error) {
    if (error instanceof ProblemError && error.problem.status === 404) return error.message
    throw error
  }
}

/** True once the commit, or one that came after it, is the applied revision. */
export async function applied(shell: Shell, commit: string): Promise<true | string> {
  const { items } = await shell.client().call(API.listRevisions, { query: { limit: 100 } })
  const seen = items.find((row) => row.commit === commit)
  if (seen?.state === 'refused') throw new CliFailure(`commit ${commit.slice(0, 10)} was refused: ${seen.reason}`, 'agenticos status shows its findings')
  if (seen?.state === 'applied') return true
  const later = items.findIndex((row) => row.current)
  if (seen !== undefined && later >= 0 && later < items.indexOf(seen)) return true
  return `merged as ${commit.slice(0, 10)}, not applied yet`
}
