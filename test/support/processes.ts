import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { packageRoot } from '../../controller/package-root.js'

/** A program of the built tree that a test may kill and start again as often as it likes. */
export class Restartable {
  readonly #file: string
  readonly #env: Readonly<Record<string, string>>
  readonly #ready: string
  readonly lines: string[] = []
  #child: ChildProcess | undefined

  constructor(file: string, env: Readonly<Record<string, string>>, ready: string) {
    this.#file = join(packageRoot(), 'dist', file)
    this.#env = env
    this.#ready = ready
  }

  /** Resolves when it has logged its ready line. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, ['--enable-source-maps', this.#file], { env: { ...process.env, ...this.#env }, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child = child
    await new Promise<void>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`${this.#file} ended with ${code}:\n${this.lines.slice(-15).join('\n')}`)))
      for (const stream of [child.stdout!, child.stderr!]) {
        createInterface({ input: stream }).on('line', (line) => {
          this.lines.push(line)
          if (line.includes(this.#ready)) resolve()
        })
      }
    })
  }

  /** kill -9, and waits until it is gone. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM')
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    await ended
  }
}

/** A port of loopback that was free just now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** The postmaster of an embedded server. */
export function postmasterOf(dataDir: string): number {
  return Number(readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0])
}
