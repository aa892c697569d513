import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { z } from 'zod'
import { nearest } from '../petri/nearest.js'
import { executorName } from '../protocol/executor.js'
import { credentialRules } from './credential-rules.js'
import { egressRules } from './egress-rules.js'

const count = (least: number, most: number) => z.string().regex(/^\d{1,15}$/, 'write a whole number').transform(Number).pipe(z.int().min(least).max(most))
const list = z.string().transform((text) => text.split(/[\s,]+/).filter((part) => part !== ''))
const labels = list.transform((parts, context) => Object.fromEntries(parts.map((part) => {
  const at = part.indexOf('=')
  if (at < 1) context.addIssue(`label "${part}" is not name=value`)
  return [part.slice(0, at), part.slice(at + 1)]
})))

/** Every setting of an executor: environment variable, meaning in docs/executors.md. */
const settings = {
  AGENTICOS_URL: z.url({ protocol: /^https?$/, hostname: /./, error: 'write the address of the controller, such as https://agenticos.example' }),
  AGENTICOS_EXECUTOR_TOKEN: z.string().min(16).optional(),
  AGENTICOS_EXECUTOR_NAME: executorName.default(() => hostname().toLowerCase().replace(/[^a-z0-9-]+/g, '-').replace(/^-+/, '').slice(0, 63) || 'executor'),
  AGENTICOS_EXECUTOR_LABELS: labels.default({}),
  AGENTICOS_EXECUTOR_CAPACITY: count(1, 1000).default(64),
  AGENTICOS_EXECUTOR_DATA: z.string().optional(),
  AGENTICOS_EXECUTOR_ROOTS: z.string().default('.').transform((text) => text.split(':').filter((part) => part !== '').map((part) => resolve(part))),
  AGENTICOS_EXECUTOR_PATH: z.string().optional(),
  AGENTICOS_EXECUTOR_MEMORY: count(16, 1_048_576).default(1024),
  AGENTICOS_EXECUTOR_PROCESSES: count(1, 100_000).default(256),
  AGENTICOS_EXECUTOR_CAGE: z.enum(['auto', 'required', 'off']).default('auto'),
  AGENTICOS_EXECUTOR_GRACE: count(0, 86_400).default(25),
  AGENTICOS_EXECUTOR_LOG: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  AGENTICOS_CREDENTIALS: list.default([]).transform((parts, context) => credentialRules(parts, (message) => context.addIssue(message))),
  AGENTICOS_EGRESS_HOSTS: list.default([]),
  AGENTICOS_EGRESS_ALLOW: list.default([]),
}

export interface ExecutorOptions {
  readonly url: string
  /** bootstrap token; not needed while the data directory holds the executor's own */
  readonly token: string | undefined
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly capacity: number
  readonly data: string
  readonly roots: readonly string[]
  /** PATH of commands */
  readonly path: string
  /** of one command with all its processes */
  readonly memoryBytes: number
  readonly processes: number
  /** whether pipelines run in a cage: where the machine allows it, always or not at all, never */
  readonly cage: 'auto' | 'required' | 'off'
  /** time that running work gets when the executor is told to stop */
  readonly graceMs: number
  readonly log: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'
  readonly egress: ReturnType<typeof egressRules>
  readonly credentials: ReturnType<typeof credentialRules>
  /** where credentials are read: the executor's environment */
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Reads the environment once. An empty variable is unset; a bad or unknown AGENTICOS_EXECUTOR_ one is an error that names it. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): ExecutorOptions {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''))
  const unknown = Object.keys(given).find((name) => /^AGENTICOS_(EXECUTOR|EGRESS|CREDENTIALS)/.test(name) && !Object.hasOwn(settings, name))
  if (unknown !== undefined) {
    const meant = nearest(unknown, Object.keys(settings))
    throw new Error(`${unknown} is no setting of an executor; ${meant === undefined ? `those are: ${Object.keys(settings).join(', ')}` : `did you mean ${meant}?`}`)
  }
  const read = z.object(settings).safeParse(given)
  if (!read.success) {
    throw new Error(read.error.issues.map((issue) => `${issue.path.join('.') || 'settings'}: ${issue.message}`).join('\n'))
  }
  const value = read.data
  const state = given['XDG_STATE_HOME'] ?? resolve(given['HOME'] ?? '.', '.local/state')
  return {
    url: value.AGENTICOS_URL.replace(/\/+$/, ''),
    token: value.AGENTICOS_EXECUTOR_TOKEN,
    name: value.AGENTICOS_EXECUTOR_NAME,
    labels: value.AGENTICOS_EXECUTOR_LABELS,
    capacity: value.AGENTICOS_EXECUTOR_CAPACITY,
    data: resolve(value.AGENTICOS_EXECUTOR_DATA ?? resolve(state, 'agenticos/executors', value.AGENTICOS_EXECUTOR_NAME)),
    roots: value.AGENTICOS_EXECUTOR_ROOTS,
    path: value.AGENTICOS_EXECUTOR_PATH ?? given['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    memoryBytes: value.AGENTICOS_EXECUTOR_MEMORY * 1024 * 1024,
    processes: value.AGENTICOS_EXECUTOR_PROCESSES,
    cage: value.AGENTICOS_EXECUTOR_CAGE,
    graceMs: value.AGENTICOS_EXECUTOR_GRACE * 1000,
    log: value.AGENTICOS_EXECUTOR_LOG,
    egress: egressRules(value.AGENTICOS_EGRESS_HOSTS, value.AGENTICOS_EGRESS_ALLOW),
    credentials: value.AGENTICOS_CREDENTIALS,
    environment,
  }
}
