import { spawn } from 'node:child_process'
import { ContainerRefused } from './container-port.js'

export interface Called {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** more came than was kept; the end is what is kept */
  readonly cut: boolean
}

const KEPT = 512 * 1024
/** What an engine's command line may need to find its daemon and its settings; no other variable of the executor reaches it. */
const PASSED = ['PATH', 'HOME', 'USER', 'XDG_RUNTIME_DIR', 'XDG_CONFIG_HOME', 'DOCKER_HOST', 'DOCKER_CONTEXT', 'DOCKER_CONFIG', 'CONTAINER_HOST', 'TMPDIR']

/** Calls the engine's command line: no shell, its words as they are. Rejects when it cannot be started or the signal comes. */
export async function callEngine(file: string, words: readonly string[], environment: Readonly<Record<string, string | undefined>>, signal: AbortSignal): Promise<Called> {
  const env = Object.fromEntries(PASSED.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])))
  const child = spawn(file, words, { env, stdio: ['ignore', 'pipe', 'pipe'], signal, killSignal: 'SIGKILL' })
  const out = new Tail()
  const err = new Tail()
  child.stdout.on('data', (chunk: Buffer) => out.add(chunk))
  child.stderr.on('data', (chunk: Buffer) => err.add(chunk))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('close', (exit) => resolve(exit))
    child.once('error', (error) => reject(signal.aborted ? error : new ContainerRefused('engine-failed', `${file} cannot be started: ${error.message}`)))
  })
  return { code, stdout: out.text, stderr: err.text, cut: out.cut || err.cut }
}

/** The last bytes of a stream. */
class Tail {
  #chunks: Buffer[] = []
  #size = 0
  cut = false

  add(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#size += chunk.length
    while (this.#chunks.length > 1 && this.#size - this.#chunks[0]!.length >= KEPT) {
      this.#size -= this.#chunks.shift()!.length
      this.cut = true
    }
  }

  get text(): string {
    const whole = Buffer.concat(this.#chunks)
    if (whole.length > KEPT) this.cut = true
    return whole.subarray(Math.max(0, whole.length - KEPT)).toString('utf8')
  }
}
