import { FLUSH, packet, packetsToFlush, toPerson } from './packet-line.js'
import { readPush, refusal, type Push } from './push.js'
import { bodyOf, tooLarge } from './request-body.js'
import { NONE } from './refs.js'
import { refuse, type GitExchange, type GitServer } from './serve.js'

const LARGEST_PUSH = 64 * 1024 * 1024
const LARGEST_COMMANDS = 1024 * 1024

/** A push. Its commands are read before git is started: one that may not be pushed refuses the whole push, in words. */
export async function receive(server: GitServer, exchange: GitExchange): Promise<void> {
  const { request, response, by } = exchange
  const body = bodyOf(request, LARGEST_PUSH)
  let head = Buffer.alloc(0)
  let push: Push | undefined
  try {
    for (;;) {
      const found = packetsToFlush(head)
      push = found === undefined || found === 'broken' ? undefined : readPush(found.lines)
      if (found !== undefined && (found === 'broken' || !push)) return refuse(response, 400, 'This is not a push that is understood here.')
      if (found !== undefined) break
      const next = await body.next()
      if (next.done === true || head.length > LARGEST_COMMANDS) return refuse(response, 400, 'The push ended before its commands did.')
      head = Buffer.concat([head, next.value])
    }
    response.setHeader('content-type', 'application/x-git-receive-pack-result')
    const refused = push!.commands.map((command) => ({ command, why: refusal(command) }))
    if (refused.some(({ why }) => why !== undefined)) {
      // The client sends all of its pack before it reads a word.
      for await (const chunk of body) void chunk
      response.end(report(push!, refused))
      return
    }
    response.end(await run(server, push!, head, body, by))
  } catch (error) {
    if (response.headersSent) response.destroy()
    else refuse(response, tooLarge(error) ? 413 : 400, (error as Error).message)
  }
}

/** The answer that git itself would give to a push of which nothing is done. */
function report(push: Push, refused: readonly { readonly command: { readonly ref: string }; readonly why: string | undefined }[]): Buffer {
  const reasons = [...new Set(refused.flatMap(({ why }) => why ?? []))]
  const short = (why: string | undefined): string => (why === undefined ? 'another ref of this push is refused' : 'refused')
  const status = Buffer.concat([packet('unpack ok\n'), ...refused.map(({ command, why }) => packet(`ng ${command.ref} ${short(why)}\n`)), FLUSH])
  if (!push.sideband) return push.report ? status : FLUSH
  return Buffer.concat([...reasons.map(toPerson), ...(push.report ? [packet(Buffer.concat([Buffer.from([1]), status]))] : []), FLUSH])
}

async function run({ git, log, pushed }: GitServer, push: Push, head: Buffer, body: AsyncGenerator<Buffer>, by: GitExchange['by']): Promise<Buffer> {
  const child = git.start(['receive-pack', '--stateless-rpc', git.dir])
  const out: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => { if (said.length < 4_000) said += chunk.toString('utf8') })
  child.stdin.on('error', () => {})
  const ended = new Promise<number>((resolve, reject) => { child.on('close', (code) => resolve(code ?? -1)); child.on('error', reject) })
  try {
    child.stdin.write(head)
    for await (const chunk of body) if (!child.stdin.write(chunk)) await Promise.race([new Promise((resolve) => child.stdin.once('drain', resolve)), ended])
    child.stdin.end()
  } catch (error) {
    child.kill()
    throw error
  }
  const code = await ended
  if (code !== 0) log.warn({ code, said: said.slice(0, 500) }, 'A push ended early')
  const answer = Buffer.concat(out)
  if (!push.sideband || answer.length < 4 || !answer.subarray(-4).equals(FLUSH)) return answer
  const words: string[] = []
  for (const { ref, to } of push.commands) {
    const branch = ref.slice('refs/heads/'.length)
    const now = await git.run(['rev-parse', '--quiet', '--verify', '--end-of-options', ref], { expect: [0, 1, 128] })
    if (to === NONE || now.out.toString('utf8').trim() !== to) continue
    try {
      const number = await pushed(branch, to, by)
      words.push(number === undefined ? `To propose it: agenticos propose --branch ${branch}` : `Proposal ${number} moved along: agenticos describe proposal ${number}`)
    } catch (error) {
      // The branch is there; only its proposal did not follow. Pushing again, or describing it, shows where it stands.
      log.error({ err: error, branch }, 'A proposal could not follow its branch')
      words.push(`The branch is pushed, but its proposal could not follow: ${(error as Error).message.split('\n')[0] ?? ''}. Push again.`)
    }
  }
  return Buffer.concat([answer.subarray(0, -4), ...words.map(toPerson), FLUSH])
}
