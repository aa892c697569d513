import { setTimeout as sleep } from 'node:timers/promises'
import { matchesGlob } from '../../petri/glob.js'
import { callEngine, type Called } from './engine-call.js'
import { ContainerRefused, type Container, type ContainerPort, type ContainerWish } from './container-port.js'

// a. A container is known by its labels, never by its name alone: one that this executor did not start, or that another
//    session has, is not seen, stopped or read.
// b. What it may cost is bounded where it is started: memory, processors, processes, time; no network, no rights, no file of this host.

export interface EngineOptions {
  /** podman or docker, whole path */
  readonly file: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** name of this executor */
  readonly owner: string
  /** globs of images that may run; `*` stands for any letters */
  readonly images: readonly string[]
  readonly network: string
  readonly memoryBytes: number
  readonly processes: number
}

const LABEL = 'dev.agenticos'
const MOST = 20
const CALL_MS = 20_000
const AGAIN_MS = 5_000
/** Looks are due when a time is over; besides, so often: others may have stopped what we know. */
const LOOK_MS = 60_000
/** The engine's own formats differ; these fields are the same in both. Unit separators keep them apart. */
const FORMAT = ['{{.Names}}', '{{.Image}}', '{{.State}}', `{{.Label "${LABEL}.session"}}`, `{{.Label "${LABEL}.until"}}`].join('\u001f')

interface Seen extends Container {
  readonly session: string
  readonly full: string
}

/** Containers by the command line of podman or docker. */
export function containerEngine(options: EngineOptions): ContainerPort {
  const { file, environment, owner, images, network, memoryBytes, processes } = options
  const call = (words: readonly string[], signal: AbortSignal): Promise<Called> => callEngine(file, words, environment, signal)
  let looked = new AbortController()
  const quick = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, AbortSignal.timeout(CALL_MS)])

  const all = async (signal: AbortSignal): Promise<Seen[]> => {
    const called = await call(['ps', '--all', '--no-trunc', '--filter', `label=${LABEL}.executor=${owner}`, '--format', FORMAT], quick(signal))
    if (called.code !== 0) throw refusedBy('ps', called)
    return called.stdout.split('\n').filter((line) => line.includes('\u001f')).map((line) => {
      const [full = '', image = '', state = '', session = '', until = ''] = line.split('\u001f')
      return { full, image, state: state.toLowerCase(), session, until, name: full.slice(prefix(session).length) }
    }).filter((one) => one.full.startsWith(prefix(one.session)))
  }
  const own = async (session: string, name: string, signal: AbortSignal): Promise<Seen> => {
    const found = (await all(signal)).find((one) => one.session === session && one.name === name)
    if (found === undefined) throw new ContainerRefused('container-missing', `executor ${owner} has no container ${name} of session ${session}; one that ended is gone, its output with it`)
    return found
  }
  const end = async (full: string, signal: AbortSignal): Promise<void> => {
    const called = await call(['rm', '--force', full], quick(signal))
    if (called.code !== 0 && !/no such container|no container with name/i.test(called.stderr)) throw refusedBy('rm', called)
  }

  return {
    async run({ session, name, image, args, env, ttlMs }: ContainerWish, signal) {
      if (!images.some((glob) => matchesGlob(glob, image))) {
        throw new ContainerRefused('image-refused', `executor ${owner} runs no image ${image}; those it may are set in its AGENTICOS_EXECUTOR_IMAGES: ${images.join(' ')}`)
      }
      const there = await all(signal)
      if (there.some((one) => one.session === session && one.name === name)) throw new ContainerRefused('container-exists', `session ${session} has a container ${name} already; stop it, or take another name`)
      if (there.length >= MOST) throw new ContainerRefused('containers-full', `executor ${owner} runs ${there.length} containers, and ${MOST} is the most; stop one`)
      const until = new Date(Date.now() + ttlMs).toISOString()
      const full = prefix(session) + name
      const called = await call([
        'run', '--detach', '--rm', '--name', full,
        '--label', `${LABEL}.executor=${owner}`, '--label', `${LABEL}.session=${session}`, '--label', `${LABEL}.until=${until}`,
        '--network', network, '--memory', String(memoryBytes), '--memory-swap', String(memoryBytes), '--cpus', '1', '--pids-limit', String(processes),
        '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--log-driver', 'json-file', '--log-opt', 'max-size=10m',
        ...Object.entries(env).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
        image, ...args,
      ], signal).catch(async (error: unknown) => {
        // It may have begun while we were told to stop.
        await end(full, new AbortController().signal).catch(() => {})
        throw error
      })
      if (called.code !== 0) throw refusedBy('run', called)
      looked.abort()
      return { name, image, state: 'running', until }
    },
    async stop(session, name, signal) {
      await end((await own(session, name, signal)).full, signal)
    },
    async list(session, signal) {
      const there = await all(signal)
      return there.filter((one) => one.session === session).map(({ name, image, state, until }) => ({ name, image, state, until }))
    },
    async logs(session, name, tail, signal) {
      const { full } = await own(session, name, signal)
      const called = await call(['logs', '--tail', String(tail), full], quick(signal))
      if (called.code !== 0) throw refusedBy('logs', called)
      return { text: called.stdout + called.stderr, cut: called.cut }
    },
    async keep(signal) {
      while (!signal.aborted) {
        let next = LOOK_MS
        looked = new AbortController()
        try {
          for (const { full, until } of await all(signal)) {
            const left = Date.parse(until) - Date.now()
            if (left > 0) next = Math.min(next, left)
            else await end(full, signal)
          }
        } catch {
          // The engine is away, or we are leaving: the next look, or the next start, ends what is late.
          next = AGAIN_MS
        }
        await sleep(next, undefined, { signal: AbortSignal.any([signal, looked.signal]), ref: false }).catch(() => {})
      }
    },
  }
}

/** A session's name has no dot, so this names one session alone. */
function prefix(session: string): string {
  return `agenticos-${session}.`
}

function refusedBy(verb: string, { code, stderr, stdout }: Called): ContainerRefused {
  const said = (stderr.trim() || stdout.trim()).slice(-1000)
  return new ContainerRefused('engine-failed', `the container engine ended ${verb} with ${code}: ${said || 'it said nothing'}`)
}
