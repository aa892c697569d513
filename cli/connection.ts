import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { createClient, type Client } from '../protocol/client.js'
import { CliFailure, usage } from './failure.js'
import type { Shell } from './shell.js'

export interface Connection {
  readonly client: Client
  readonly server: string
  readonly token: string | undefined
  /** where the address came from, in words */
  readonly source: string
}

/** The server to talk to: --server, then AGENTICOS_SERVER, then the data directory of a controller on this machine. */
export function connect(shell: Shell): Connection {
  const local = findLocal(shell)
  const given = shell.asked.server ?? (shell.env['AGENTICOS_SERVER'] || undefined)
  if (given === undefined && local === undefined) {
    throw new CliFailure('no server is known: there is no .agenticos folder here or above, and neither --server nor AGENTICOS_SERVER is set',
      'start one here with "agenticos up", or name one: export AGENTICOS_SERVER=http://host:7420')
  }
  const server = readAddress(given ?? local!.url)
  const own = shell.asked.token ?? (shell.env['AGENTICOS_TOKEN'] || undefined)
  // a token of this machine goes to the server of this machine alone
  const token = own ?? (local !== undefined && readAddress(local.url) === server ? local.token : undefined)
  const source = given === undefined ? local!.file : shell.asked.server === undefined ? 'AGENTICOS_SERVER' : '--server'
  return { client: createClient({ server, token, agent: `agenticos/${shell.version}` }), server, token, source }
}

function readAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) usage(`${JSON.stringify(text)} is no address of a server`, 'write one like http://127.0.0.1:7420')
  if (url.username !== '' || url.password !== '') usage('the address of the server carries a user or password', 'give the token by AGENTICOS_TOKEN')
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

interface Local {
  readonly url: string
  readonly token: string | undefined
  readonly file: string
}

/** The data directory of a controller: AGENTICOS_DATA_DIR, or .agenticos here or in a folder above. */
function findLocal(shell: Shell): Local | undefined {
  const named = shell.env['AGENTICOS_DATA_DIR']
  const candidates = named ? [resolve(shell.cwd, named)] : above(shell.cwd).map((folder) => join(folder, '.agenticos'))
  for (const folder of candidates) {
    const file = join(folder, 'server.json')
    const text = readText(file)
    if (text === undefined) continue
    const url = readUrl(text)
    if (url === undefined) throw new CliFailure(`${file} does not say where the server is`, 'start the controller again: agenticos up')
    return { url, token: readText(join(folder, 'admin-token'))?.trim(), file }
  }
  return undefined
}

function above(folder: string): string[] {
  const parent = dirname(folder)
  return parent === folder ? [folder] : [folder, ...above(parent)]
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function readUrl(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && 'url' in value && typeof value.url === 'string' ? value.url : undefined
  } catch {
    return undefined
  }
}
