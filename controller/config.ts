import { z } from 'zod'
import { nearest } from '../petri/nearest.js'
import { misread } from '../protocol/misread.js'
import { Failure, fail } from './errors.js'

export const COMPONENTS = ['engine', 'reconcile', 'dispatch', 'api', 'executor'] as const
export type Component = (typeof COMPONENTS)[number]

const whole = (least: number, most: number) => z.string().regex(/^\d+$/, `a whole number of ${least} to ${most}`)
  .transform(Number).refine((value) => value >= least && value <= most, `a whole number of ${least} to ${most}`)
const onOff = z.enum(['on', 'off']).transform((value) => value === 'on')
const address = z.url({ protocol: /^https?$/, error: 'an address that begins with http:// or https://' })

/** Every setting: its flag is its name in kebab-case, its variable as listed. docs/operations.md has a row for each. */
const SETTINGS = {
  dataDir: { env: 'AGENTICOS_DATA_DIR', fallback: '.agenticos', read: z.string(), help: 'repository, embedded database and keys' },
  databaseUrl: {
    env: 'DATABASE_URL', fallback: undefined, help: 'a Postgres 15 or later instead of the embedded one',
    read: z.string().regex(/^postgres(ql)?:\/\//, 'an address that begins with postgres://').refine((text) => URL.canParse(text), 'a whole address'),
  },
  host: { env: 'AGENTICOS_HOST', fallback: '127.0.0.1', read: z.string(), help: 'address to listen on' },
  port: { env: 'AGENTICOS_PORT', fallback: '7420', read: whole(0, 65_535), help: 'port to listen on; 0 takes a free one' },
  publicUrl: { env: 'AGENTICOS_PUBLIC_URL', fallback: undefined, read: address, help: 'address under which others reach this controller' },
  logLevel: {
    env: 'AGENTICOS_LOG_LEVEL', fallback: 'info', help: 'least level that is logged',
    read: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']),
  },
  only: {
    env: 'AGENTICOS_ONLY', fallback: COMPONENTS.join(','), help: 'components that this process runs, with commas between',
    read: z.string().transform((text) => text.split(',').map((part) => part.trim())).pipe(z.array(z.enum(COMPONENTS)).min(1)),
  },
  demo: { env: 'AGENTICOS_DEMO', fallback: 'off', read: onOff, help: 'put the demo nets into a new repository' },
  pollSeconds: { env: 'AGENTICOS_POLL_SECONDS', fallback: '60', read: whole(1, 86_400), help: 'how often the repository is looked at without a push' },
} as const

type Settings = typeof SETTINGS
type Key = keyof Settings
/** Settings as read once, in main. Frozen. */
export type Config = { readonly [K in Key]: z.infer<Settings[K]['read']> | (Settings[K]['fallback'] extends undefined ? undefined : never) }

export const SETTING_ROWS = Object.entries(SETTINGS).map(([key, { env, fallback, help }]) => ({ flag: flagOf(key), env, fallback, help }))

/** Flag, then variable, then default; an empty value is unset; a name that nothing reads is refused. */
export function readConfig(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Config {
  const flags = readFlags(args)
  refuseUnknownVariables(env)
  const config: Record<string, unknown> = {}
  for (const [key, setting] of Object.entries(SETTINGS)) {
    const flag = flags.get(key)
    const text = flag || env[setting.env] || setting.fallback
    if (text === undefined) {
      config[key] = undefined
      continue
    }
    const read = setting.read.safeParse(text)
    const source = flag ? `--${flagOf(key)}` : setting.env
    if (!read.success) refuseValue(source, key === 'databaseUrl' ? undefined : text, read.error)
    config[key] = read.data
  }
  return Object.freeze(config) as unknown as Config
}

function flagOf(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

function readFlags(args: readonly string[]): Map<string, string> {
  const keys = new Map(Object.keys(SETTINGS).map((key) => [`--${flagOf(key)}`, key]))
  const flags = new Map<string, string>()
  const rest = [...args]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const cut = word.indexOf('=')
    const name = cut === -1 ? word : word.slice(0, cut)
    const key = keys.get(name)
    if (key === undefined) unknown(`flag ${name}`, name, keys.keys())
    // `--demo` alone is `--demo on`
    const bare = key === 'demo' && (rest[0] === undefined || rest[0].startsWith('--'))
    const value = cut !== -1 ? word.slice(cut + 1) : bare ? 'on' : rest.shift()
    if (value === undefined) fail('bad-setting', `${name} has no value`, `write ${name} VALUE`)
    flags.set(key, value)
  }
  return flags
}

function refuseUnknownVariables(env: Readonly<Record<string, string | undefined>>): void {
  const known = new Set<string>(Object.values(SETTINGS).map((setting) => setting.env))
  for (const [name, value] of Object.entries(env)) {
    // The CLI's own variables may be set in the same shell; those of the executor are handed on to the built-in one, which refuses unknown ones.
    if (!name.startsWith('AGENTICOS_') || !value || known.has(name) || CLIENT_VARIABLES.has(name) || EXECUTOR_VARIABLE.test(name)) continue
    unknown(`variable ${name}`, name, known)
  }
}

/** Read by the CLI and by executors, which may be started from the same shell. */
const CLIENT_VARIABLES = new Set(['AGENTICOS_URL', 'AGENTICOS_SERVER', 'AGENTICOS_TOKEN', 'AGENTICOS_CONFIG', 'AGENTICOS_DEBUG', 'AGENTICOS_CREDENTIALS'])
const EXECUTOR_VARIABLE = /^AGENTICOS_(EXECUTOR|EGRESS)_/

function unknown(what: string, name: string, known: Iterable<string>): never {
  const names = [...known]
  const meant = nearest(name, names)
  return fail('unknown-setting', `nothing reads the ${what}`,
    meant === undefined ? `take it away; the known ones are ${names.join(', ')}` : `write ${meant}, or take it away`)
}

function refuseValue(source: string, text: string | undefined, cause: z.ZodError): never {
  const expected = misread(cause.issues[0]!, undefined).message
  throw new Failure('bad-setting', `${source}${text === undefined ? '' : ` is ${JSON.stringify(text)}, which`} cannot be used: ${expected}`,
    `correct ${source}, or take it away to get the default`, { cause: text === undefined ? undefined : cause })
}
