import { resolve } from 'node:path'
import type { z } from 'zod'
import { nearest } from '../petri/nearest.js'
import { misread } from '../protocol/misread.js'
import type { CredentialRules } from './credential-rules.js'
import { egressRules, type EgressRules } from './egress-rules.js'
import { flagOf, SETTINGS, type SettingKey } from './settings.js'

export interface ExecutorOptions {
  readonly url: string
  readonly token: string | undefined
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly capacity: number
  readonly data: string
  readonly roots: readonly string[]
  readonly path: string
  readonly memoryBytes: number
  readonly processes: number
  readonly cage: 'auto' | 'required' | 'off'
  readonly graceMs: number
  readonly log: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'
  readonly egress: EgressRules
  /** where models may be called */
  readonly modelEgress: EgressRules
  /** folder of recordings for replay */
  readonly recordings: string | undefined
  readonly credentials: CredentialRules
  /** globs of container images that may run; none: no containers */
  readonly images: readonly string[]
  /** of containers */
  readonly network: string
  /** where credentials are read: the executor's environment */
  readonly environment: Readonly<Record<string, string | undefined>>
}

type Environment = Readonly<Record<string, string | undefined>>
type Read = { readonly [K in SettingKey]: z.output<(typeof SETTINGS)[K]['read']> }

const LISTS: ReadonlySet<string> = new Set(['label', 'root', 'credential', 'modelHost', 'egressHost', 'egressAllow', 'image'])

/** Flag, then variable, then default; an empty one is unset; one that nothing reads is an error that names the nearest. */
export function readConfig(environment: Environment, args: readonly string[] = []): ExecutorOptions {
  const flags = readFlags(args)
  refuseUnknown(environment)
  const value: Record<string, unknown> = {}
  for (const [key, { env, read }] of Object.entries(SETTINGS)) {
    // The command line's own variable for the same address will do.
    const text = flags.get(key) || environment[env] || (key === 'url' ? environment['AGENTICOS_SERVER'] : undefined) || undefined
    const result = read.safeParse(text)
    if (!result.success) throw new Error(`${flags.has(key) ? flagOf(key) : env}: ${misread(result.error.issues[0]!, read).message}`)
    value[key] = result.data
  }
  return optionsOf(value as Read, environment)
}

function optionsOf(value: Read, environment: Environment): ExecutorOptions {
  const state = environment['XDG_STATE_HOME'] || resolve(environment['HOME'] || '.', '.local/state')
  return {
    url: value.url.replace(/\/+$/, ''),
    token: value.token,
    name: value.name,
    labels: value.label,
    capacity: value.capacity,
    data: resolve(value.data ?? resolve(state, 'agenticos/executors', value.name)),
    roots: value.root,
    path: value.path ?? environment['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    memoryBytes: value.memory * 1024 * 1024,
    processes: value.processes,
    cage: value.cage,
    graceMs: value.grace * 1000,
    log: value.log,
    egress: egressRules(value.egressHost, value.egressAllow),
    modelEgress: egressRules(value.egressHost, value.modelHost, 'AGENTICOS_EXECUTOR_MODEL_HOSTS'),
    recordings: value.recordings === undefined ? undefined : resolve(value.recordings),
    credentials: value.credential,
    images: value.image,
    network: value.network,
    environment,
  }
}

/** `--name x` or `--name=x`; a flag of a list may come several times. */
function readFlags(args: readonly string[]): Map<string, string> {
  const keys = new Map(Object.keys(SETTINGS).map((key) => [flagOf(key), key]))
  const flags = new Map<string, string>()
  const rest = [...args]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [name = '', inline] = word.split(/=(.*)/s, 2)
    const key = keys.get(name)
    if (key === undefined) throw new Error(unknown(word, name, [...keys.keys()]))
    const text = inline ?? rest.shift()
    if (text === undefined) throw new Error(`${name} has no value`)
    const before = flags.get(key)
    if (before !== undefined && !LISTS.has(key)) throw new Error(`${name} comes twice`)
    flags.set(key, before === undefined ? text : `${before}${key === 'root' ? ':' : ' '}${text}`)
  }
  return flags
}

function refuseUnknown(environment: Environment): void {
  const known: string[] = Object.values(SETTINGS).map(({ env }) => env)
  for (const [name, value] of Object.entries(environment)) {
    if (value && /^AGENTICOS_(EXECUTOR|EGRESS|CREDENTIALS)/.test(name) && !known.includes(name)) throw new Error(unknown(name, name, known))
  }
}

function unknown(what: string, name: string, known: readonly string[]): string {
  const meant = nearest(name, known)
  return `${what} is no setting of an executor; ${meant === undefined ? `those are: ${known.join(', ')}` : `did you mean ${meant}?`}`
}
