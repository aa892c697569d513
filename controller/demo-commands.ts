import { homedir } from 'node:os'
import { join, relative, resolve, sep } from 'node:path'
import { API } from '../protocol/api.js'
import type { Client } from '../protocol/client.js'
import type { DemoOptions } from './demo.js'

/** Exactly three commands to try next. Each works as it is printed, in this folder, in the state that things are in. */
export async function nextCommands(client: Client, { dataDir, logFile }: DemoOptions): Promise<readonly [string, string, string]> {
  const { items } = await client.call(API.listNets)
  const has = (name: string) => items.some((net) => net.session === 'demo' && net.name === name)
  const cli = commandLine(dataDir)
  const question = JSON.stringify({ question: `Show the last 3 lines that say info in ${nameOf(logFile)}` })
  return [
    has('log-questions') ? `${cli} put demo/log-questions/questions ${quoted(question)} --answer answers` : `${cli} get nets`,
    has('log-questions') ? `${cli} events demo/log-questions` : `${cli} status`,
    has('ssh-watch') ? `${cli} put demo/ssh-watch/lines --lines -f nets/demo/ssh-watch/sample.log` : `${cli} propose nets/demo/ssh-watch/ssh-watch.yaml -t "Watch sshd for attackers"`,
  ]
}

/** The command that plays the recorded session. */
export function chatCommand({ dataDir }: DemoOptions): string {
  return `${commandLine(dataDir)} chat --demo`
}

function commandLine(dataDir: string): string {
  return dataDir === resolve('.agenticos') ? 'npx agenticos' : `AGENTICOS_DATA_DIR=${quoted(dataDir)} npx agenticos`
}

/** As a question names it: below the current folder if it lies there, else with its whole path. */
export function nameOf(logFile: string): string {
  const way = relative(process.cwd(), logFile)
  return way.startsWith('..') ? logFile : way.split(sep).join('/')
}

/** As short as people write it. */
export function tilde(path: string): string {
  const way = relative(process.cwd(), path)
  if (!way.startsWith('..')) return way === '' ? '.' : way
  return path.startsWith(`${homedir()}/`) ? join('~', path.slice(homedir().length)) : path
}

function quoted(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
