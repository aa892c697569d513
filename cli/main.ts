import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createShell } from './shell.js'
import { runCli } from './run.js'

const stop = new AbortController()
// Ctrl-C goes to who took it last; else it stops the command, and the second time the program
const interrupted: (() => void)[] = [() => (stop.signal.aborted ? process.exit(130) : stop.abort())]
process.on('SIGINT', () => interrupted.at(-1)!())
function interrupts(handle: () => void): () => void {
  interrupted.push(handle)
  return () => void interrupted.splice(interrupted.indexOf(handle), 1)
}
process.once('SIGTERM', () => stop.abort())
// a pipe that was closed (| head) is no failure
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
}

const shell = createShell({
  out: process.stdout, err: process.stderr, input: process.stdin, env: process.env, cwd: process.cwd(), signal: stop.signal, interrupts, version: version(),
})
process.exitCode = await runCli(shell, process.argv.slice(2))
// once all is written; kept sockets hold nothing back
process.stdout.write('', () => process.stderr.write('', () => process.exit()))

function version(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    try {
      return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version
    } catch {
      if (dirname(folder) === folder) return 'unknown'
    }
  }
}
