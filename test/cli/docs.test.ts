import { PassThrough } from 'node:stream'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { makeProgram } from '../../cli/run.js'
import { createShell } from '../../cli/shell.js'
import { API } from '../../protocol/api.js'
import { read } from '../support/sources.js'

function commands(command: Command, path = ''): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const child of command.commands) {
    const name = `${path}${child.name()}`
    if (child.name() === 'help') continue
    found.set(name, child.options.map((option) => option.long!).sort())
    for (const entry of commands(child, `${name} `)) found.set(...entry)
  }
  return found
}

/** First cell -> the rest of each row under a heading. */
function rows(text: string, heading: string): Map<string, string> {
  const section = text.split(/^## /m).find((part) => part.startsWith(heading)) ?? ''
  return new Map([...section.matchAll(/^\| `([^`]+)` \|(.*)\|$/gm)].map((match) => [match[1]!, match[2]!]))
}

describe('docs/cli.md', () => {
  const shell = createShell({ out: new PassThrough(), err: new PassThrough(), input: new PassThrough(), env: {}, cwd: '/', signal: new AbortController().signal, version: '0' })
  const known = commands(makeProgram(shell))
  const told = rows(read('docs/cli.md'), 'Commands')

  it('has a row for each command, and none for a command that is gone', () => {
    expect([...told.keys()].sort()).toEqual([...known.keys()].sort())
  })

  it('names each option of each command, and no other', () => {
    for (const [name, options] of known) {
      const named = [...told.get(name)!.split('|')[2 - 1]!.matchAll(/`(--[a-z-]+)/g)].map((match) => match[1]!).sort()
      expect([name, named]).toEqual([name, options])
    }
  })
})

describe('docs/api.md', () => {
  const told = rows(read('docs/api.md'), 'Routes\n')

  it('has a row with the scope of each route, and none for a route that is gone', () => {
    const known = Object.values(API).map((route) => [`${route.method} ${route.path}`, route.scope])
    expect([...told].map(([route, rest]) => [route, rest.split('|')[0]!.trim()]).sort()).toEqual(known.sort())
  })
})
