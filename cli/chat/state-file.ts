import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Shell } from '../shell.js'

const MOST_LINES = 1_000

/** The folder for what the command line remembers of a person: XDG_STATE_HOME, else ~/.local/state. */
export function stateFolder(env: Shell['env']): string {
  return join(env['XDG_STATE_HOME'] || join(env['HOME'] || homedir(), '.local', 'state'), 'agenticos')
}

/** Lines that were typed, newest first as readline has them. Read and written by their owner alone. */
export function readHistory(env: Shell['env']): string[] {
  return read(env, 'chat-history').split('\n').filter((line) => line !== '').reverse().slice(0, MOST_LINES)
}

export function writeHistory(env: Shell['env'], newestFirst: readonly string[]): void {
  write(env, 'chat-history', `${newestFirst.slice(0, MOST_LINES).reverse().join('\n')}\n`)
}

/** The conversation that was last held with a server, to go on with. */
export function lastConversation(env: Shell['env'], server: string): string | undefined {
  const found = conversations(env)[server]
  return typeof found === 'string' ? found : undefined
}

export function rememberConversation(env: Shell['env'], server: string, conversation: string): void {
  write(env, 'chat.json', `${JSON.stringify({ ...conversations(env), [server]: conversation })}\n`)
}

function conversations(env: Shell['env']): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(read(env, 'chat.json'))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
  } catch {
    return {}
  }
}

function read(env: Shell['env'], name: string): string {
  try {
    return readFileSync(join(stateFolder(env), name), 'utf8')
  } catch {
    return ''
  }
}

/** A folder that cannot be written costs the memory, not the chat. */
function write(env: Shell['env'], name: string, text: string): void {
  try {
    mkdirSync(stateFolder(env), { recursive: true, mode: 0o700 })
    const file = join(stateFolder(env), name)
    writeFileSync(file, text, { mode: 0o600 })
    chmodSync(file, 0o600)
  } catch {}
}
