import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createShell } from './shell.js'
import { runCli } from './run.js'

const stop = new AbortController()
process.once('SIGINT', () => stop.abort())
process.once('SIGTERM', () => stop.abort())
// a pipe that was closed (| head) is no failure
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
}

const shell = createShell({
  out: process.stdout, err: process.stderr, input: process.stdin, env: process.env, cwd: process.cwd(), signal: stop.signal, version: version(),
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
