import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Command } from 'commander'
import { canonicalText, admitText } from '../../petri/canonical.js'
import type { Json } from '../../petri/json.js'
import { API } from '../../protocol/api.js'
import { readAddress } from '../address.js'
import { awaitAnswer } from '../answer.js'
import { awaitDecision, tellVerdicts } from '../decision.js'
import { CliFailure, usage } from '../failure.js'
import { printedAsValue, withOutput, type Format } from '../output.js'
import { plain } from '../paint.js'
import { openInput, readAll } from '../read-input.js'
import type { Shell } from '../shell.js'

interface Options {
  readonly output: Format
  readonly lines?: boolean | string
  readonly file?: string
  readonly text?: boolean
  readonly correlation?: string
  readonly key?: string
  readonly wait: boolean
  readonly answer?: string
  readonly timeout: string
}

const BATCH = 2_000
const BATCH_CHARACTERS = 4_000_000

/** `agenticos put PLACE [JSON]`: one token, or each line of a file or of stdin. */
export function put(program: Command, shell: Shell): void {
  withOutput(program.command('put'))
    .description('put a token into a place, or one for each line of a file or stdin')
    .argument('<place>', 'SESSION/NET/PLACE')
    .argument('[json]', "the token's data; without it, it is read from --file or stdin")
    .option('-f, --file <file>', 'read the data (or the lines) from a file; - is stdin')
    .option('--lines', 'one token a line: a line that is JSON is that value, any other becomes {"text": line}')
    .option('--text', 'with --lines: every line becomes {"text": line}, even when it is JSON')
    .option('--correlation <id>', 'correlation id of the tokens')
    .option('--key <key>', 'idempotency key: the same key gets the first answer and puts nothing twice')
    .option('--no-wait', 'do not wait longer than the server does for the decision')
    .option('--answer <place>', 'wait for the first token that comes of it in this place of the net (or NET/PLACE), and print its data')
    .option('--timeout <span>', 'with --answer: give up after (30s, 5m)', '1m')
    .action(async (name: string, json: string | undefined, options: Options) => {
      const { session, net, element } = readAddress(name, 3, 3, 'SESSION/NET/PLACE')
      const params = { session, net: net!, place: element! }
      if (options.text && !options.lines) usage('--text goes with --lines', `agenticos put ${name} --lines --text -f FILE`)
      if (options.lines) {
        if (options.answer !== undefined) usage('--answer follows one token, and --lines puts many', `agenticos put ${name} --lines, then agenticos get tokens ${session}/${net}/${options.answer}`)
        if (json !== undefined) usage('--lines reads a file or stdin, and JSON was given too', `agenticos put ${name} --lines -f FILE`)
        return putLines(shell, params, options)
      }
      return putOne(shell, name, params, json, options)
    })
}

type Params = { readonly session: string; readonly net: string; readonly place: string }

async function putOne(shell: Shell, name: string, params: Params, json: string | undefined, options: Options): Promise<void> {
  if (json !== undefined && options.file !== undefined) usage('the data was given twice, as JSON and as --file', `agenticos put ${name} '{"text": "hello"}'`)
  if (json === undefined && options.file === undefined && shell.input.isTTY) usage('there is no token to put', `agenticos put ${name} '{"text": "hello"}', or give --file FILE`)
  const text = json ?? await readAll(openInput(shell, options.file ?? '-'))
  const read = admitText(text, 8 * 1024 * 1024)
  if (!read.ok) usage(`the data cannot be a token: ${read.message}`, read.remedy)
  const key = options.key ?? randomUUID()
  const correlation = options.correlation ?? (options.answer === undefined ? undefined : key)
  const body = { data: read.value, ...(correlation === undefined ? {} : { correlationId: correlation }) }
  const answer = await shell.client().call(API.putToken, { params, body, key, signal: shell.signal })
  if (options.answer !== undefined) return awaitAnswer(shell, { ...params, place: options.answer }, correlation!, answer.id, options)
  if (answer.id === undefined && answer.status === 202 && options.wait) {
    const decision = await awaitDecision(shell, params.session, answer.key)
    if (printedAsValue(shell, options.output, decision)) return
    return tellVerdicts(shell, decision, `${name}`, 'put')
  }
  if (printedAsValue(shell, options.output, answer)) return
  if (options.output === 'name') return shell.print(`${name}/${answer.id ?? ''}`)
  if (answer.status === 202) shell.print(`${name}: not decided yet; it is at ${answer.href}`)
  else shell.print(answer.id === undefined ? `${name}: decided, no token was made` : `${name}/${answer.id} put`)
}

async function putLines(shell: Shell, params: Params, options: Options): Promise<void> {
  const total = { put: 0, refused: 0, waiting: 0 }
  const problems: object[] = []
  const base = options.key ?? randomUUID()
  let [batch, size, line, sent, nth] = [[] as string[], 0, 0, 0, 0]
  const name = `${params.session}/${params.net}/${params.place}`
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return
    const query = options.correlation === undefined ? {} : { correlationId: options.correlation }
    const answer = await shell.client().call(API.putTokens, { params, query, body: `${batch.join('\n')}\n`, key: `${base}.${nth++}`, signal: shell.signal })
    total.put += answer.put
    total.refused += answer.refused
    total.waiting += answer.waiting
    for (const problem of answer.problems) {
      const told = { ...problem, line: problem.line + sent }
      problems.push(told)
      if (problems.length <= 20 && options.output !== 'json' && options.output !== 'yaml') shell.warn(`line ${told.line}: ${plain(told.message ?? told.code ?? 'refused')}`)
    }
    sent = line
    batch = []
    size = 0
    shell.progress(`${total.put + total.waiting} put${total.refused > 0 ? `, ${total.refused} refused` : ''}`)
  }
  const source: NodeJS.ReadableStream = options.file === undefined || options.file === '-' ? shell.input : createReadStream(resolve(shell.cwd, options.file))
  const failed = new Promise<never>((_, reject) => source.once('error', (cause: Error) => reject(new CliFailure(`${options.file} cannot be read: ${cause.message}`, 'name a file that is there', 2, cause))))
  failed.catch(() => undefined)
  const read = (async () => {
    for await (const text of createInterface({ input: source, crlfDelay: Infinity })) {
      if (shell.signal.aborted) break
      line++
      const data = lineData(text, options.text === true)
      batch.push(data)
      size += data.length
      if (batch.length >= BATCH || size >= BATCH_CHARACTERS) await flush()
    }
    await flush()
  })()
  await Promise.race([read, failed])
  shell.done()
  if (total.refused > 0 || total.waiting > 0) shell.exit = total.refused > 0 ? 1 : 0
  if (printedAsValue(shell, options.output, { ...total, problems })) return
  shell.print(`${name}: ${total.put} put${total.refused > 0 ? `, ${total.refused} refused` : ''}${total.waiting > 0 ? `, ${total.waiting} not decided yet (they are in the inbox, none is lost)` : ''}`)
}

/** An empty line is an empty line: it stays one in the body, so that line numbers agree. */
function lineData(text: string, asText: boolean): string {
  if (text.trim() === '') return ''
  if (!asText && /^\s*[[{"\-0-9tfn]/.test(text)) {
    const read = admitText(text, 8 * 1024 * 1024)
    if (read.ok) return read.text
  }
  const clean: Json = { text: text.toWellFormed().replaceAll('\0', '\ufffd') }
  return canonicalText(clean)
}
