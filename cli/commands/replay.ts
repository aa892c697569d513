import type { Command } from 'commander'
import { API } from '../../protocol/api.js'
import { readAddress } from '../address.js'
import { usage } from '../failure.js'
import { printedAsValue, wholeNumber, withOutput, type Format } from '../output.js'
import { plain } from '../paint.js'
import type { Shell } from '../shell.js'
import { cut } from '../table.js'

/** `agenticos replay NET --at TIME|EVENT`: the marking as it was, folded from the events. */
export function replay(program: Command, shell: Shell): void {
  withOutput(program.command('replay'))
    .description('show the marking as it was after an event or at a time')
    .argument('<name>', 'SESSION or SESSION/NET')
    .option('--at <when>', 'event number, RFC 3339 time, or a span back from now (5m, 2h); default now')
    .option('--tokens <n>', 'show so many tokens of each place', '5')
    .action(async (name: string, options: { output: Format; at?: string; tokens: string }) => {
      const { session, net } = readAddress(name, 1, 2, 'SESSION or SESSION/NET')
      const query = { ...(net === undefined ? {} : { net }), ...(options.at === undefined ? {} : { at: readWhen(options.at, Date.now()) }), tokens: wholeNumber(options.tokens, '--tokens') }
      shell.progress(`folding the events of ${session}`)
      const answer = await shell.client().call(API.replay, { params: { session }, query, signal: shell.signal })
      shell.done()
      if (printedAsValue(shell, options.output, answer)) return
      shell.print(`${session}${net === undefined ? '' : `/${net}`} after event ${answer.seq}${answer.at === null ? '' : ` (${answer.at})`}, folded from ${answer.events} events`)
      if (answer.places.length === 0) shell.print('no tokens')
      for (const place of answer.places) {
        shell.print(`${shell.paint('bold', place.place)}  ${place.tokens} ${place.tokens === 1 ? 'token' : 'tokens'}${place.reserved > 0 ? `, ${place.reserved} held by effects` : ''}`)
        for (const token of place.items) shell.print(`  ${token.id}${token.reserved ? ' (held)' : ''}  ${cut(plain(JSON.stringify(token.data)), shell.out.isTTY === true ? (shell.out.columns ?? 80) - 16 : Infinity)}`)
        if (place.items.length < place.tokens) shell.print(shell.paint('dim', `  ... ${place.tokens - place.items.length} more`))
      }
    })
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** An event number or time as the API takes it. */
export function readWhen(text: string, now: number): string {
  if (/^\d{1,12}$/.test(text)) return text
  const span = /^(\d{1,9})([smhd])$/.exec(text)
  if (span) return new Date(now - Number(span[1]) * UNITS[span[2]!]!).toISOString()
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(time) ? usage(`${JSON.stringify(text)} is no event number and no time`, 'write --at 1234, --at 2026-01-31T12:00:00Z or --at 10m') : new Date(time).toISOString()
}
