import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { z } from 'zod'
import { executorName } from '../protocol/executor.js'
import { credentialRules } from './credential-rules.js'

const count = (least: number, most: number) => z.string().regex(/^\d{1,15}$/, 'write a whole number').transform(Number).pipe(z.int().min(least).max(most))
const list = z.string().transform((text) => text.split(/[\s,]+/).filter((part) => part !== ''))
const labels = list.transform((parts, context) => Object.fromEntries(parts.map((part) => {
  const at = part.indexOf('=')
  if (at < 1) context.addIssue(`label "${part}" is not name=value`)
  return [part.slice(0, at), part.slice(at + 1)]
})))
const folders = z.string().transform((text) => text.split(':').filter((part) => part !== '').map((part) => resolve(part)))

function ownName(): string {
  return hostname().toLowerCase().replace(/[^a-z0-9-]+/g, '-').replace(/^-+/, '').slice(0, 63) || 'executor'
}

/** Every setting of an executor: `--flag`, then the variable, then the default. docs/executors.md has a row for each. */
export const SETTINGS = {
  url: {
    env: 'AGENTICOS_URL', help: 'address of the controller',
    read: z.url({ protocol: /^https?$/, hostname: /./, error: 'write the address of the controller, such as https://agenticos.example' }),
  },
  token: { env: 'AGENTICOS_EXECUTOR_TOKEN', help: 'bootstrap token; not needed while the data folder holds the executor\'s own', read: z.string().min(16).optional() },
  name: { env: 'AGENTICOS_EXECUTOR_NAME', help: 'its name, one an executor', read: executorName.default(ownName) },
  label: { env: 'AGENTICOS_EXECUTOR_LABELS', help: 'name=value; what it may be asked for', read: labels.default({}) },
  capacity: { env: 'AGENTICOS_EXECUTOR_CAPACITY', help: 'effects at once', read: count(1, 1000).default(64) },
  data: { env: 'AGENTICOS_EXECUTOR_DATA', help: 'folder for its token, working directories and workspaces', read: z.string().optional() },
  root: { env: 'AGENTICOS_EXECUTOR_ROOTS', help: 'folders that `dir` may name, with colons between', read: folders.default(() => [resolve('.')]) },
  path: { env: 'AGENTICOS_EXECUTOR_PATH', help: 'PATH of commands', read: z.string().optional() },
  memory: { env: 'AGENTICOS_EXECUTOR_MEMORY', help: 'MiB of one command with all its processes', read: count(16, 1_048_576).default(1024) },
  processes: { env: 'AGENTICOS_EXECUTOR_PROCESSES', help: 'processes of one command at once', read: count(1, 100_000).default(256) },
  cage: { env: 'AGENTICOS_EXECUTOR_CAGE', help: 'pipelines in a cage: auto, required or off', read: z.enum(['auto', 'required', 'off']).default('auto') },
  grace: { env: 'AGENTICOS_EXECUTOR_GRACE', help: 'seconds that running work gets when it is told to stop', read: count(0, 86_400).default(25) },
  log: { env: 'AGENTICOS_EXECUTOR_LOG', help: 'least level that is logged', read: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info') },
  credential: {
    env: 'AGENTICOS_CREDENTIALS', help: 'variables that nets may use as env:NAME, each VARIABLE or VARIABLE@host|host',
    read: list.default([]).transform((parts, context) => credentialRules(parts, (message) => context.addIssue(message))),
  },
  modelHost: { env: 'AGENTICOS_EXECUTOR_MODEL_HOSTS', help: 'private hosts that models may be called at; with http:// in plain', read: list.default([]) },
  recordings: { env: 'AGENTICOS_EXECUTOR_RECORDINGS', help: 'folder of the recordings that models of provider replay answer from', read: z.string().optional() },
  egressHost: { env: 'AGENTICOS_EGRESS_HOSTS', help: 'the only hosts that http may call; unset: every public one', read: list.default([]) },
  egressAllow: { env: 'AGENTICOS_EGRESS_ALLOW', help: 'private hosts, addresses and ranges that http may call; with http:// in plain', read: list.default([]) },
  image: { env: 'AGENTICOS_EXECUTOR_IMAGES', help: 'container images that agents may run, with * for any letters; unset: none', read: list.default([]) },
  network: { env: 'AGENTICOS_EXECUTOR_NETWORK', help: 'network of containers, as podman or docker names it', read: z.string().regex(/^[a-z0-9][a-z0-9_.-]{0,62}$/, 'write none, bridge, or the name of a network').default('none') },
} as const

export type SettingKey = keyof typeof SETTINGS

export function flagOf(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** One line a setting. */
export function settingsHelp(): string {
  const rows = Object.entries(SETTINGS).map(([key, { env, help }]) => [flagOf(key), env, help] as const)
  return rows.map(([flag, env, help]) => `  ${flag.padEnd(15)} ${env.padEnd(29)} ${help}`).join('\n')
}
