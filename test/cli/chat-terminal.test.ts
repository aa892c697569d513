import { PassThrough, Writable } from 'node:stream'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from '../../cli/run.js'
import { createShell, type Shell } from '../../cli/shell.js'
import { API } from '../../protocol/api.js'
import { demoNet } from '../support/demo-net.js'
import { scriptedModels } from '../support/scripted-models.js'
import { startScriptedModel, type ScriptedModel } from '../support/scripted-model/server.js'
import { startWhole, type Whole } from '../support/whole.js'

const state = mkdtempSync(join(tmpdir(), 'agenticos-terminal-'))
let model: ScriptedModel
let whole: Whole
beforeAll(async () => {
  model = await startScriptedModel()
  whole = await startWhole({ ...demoNet('coordinator', undefined, 'system'), 'models.yaml': scriptedModels(model) })
  await whole.executor({ AGENTICOS_EXECUTOR_MODEL_HOSTS: new URL(model.ollamaUrl).origin })
}, 120_000)
afterAll(async () => {
  await model.close()
  rmSync(state, { recursive: true, force: true })
})

interface Terminal {
  type(text: string): void
  /** Ctrl-C, as a terminal in raw mode gives it, or as a signal */
  interrupt(): void
  /** resolves with all that was shown once the text is among it, so often */
  shows(text: string, times?: number): Promise<string>
  readonly ended: Promise<number>
}

/** A chat on a terminal of its own, in this process. */
function terminal(env: Record<string, string> = {}, args: readonly string[] = ['--new']): Terminal {
  let [seen, looks] = ['', [] as (() => void)[]]
  const out = Object.assign(new Writable({
    write(chunk: Buffer, _encoding, done) {
      seen += chunk.toString('utf8')
      for (const look of looks) look()
      done()
    },
  }), { isTTY: true, columns: 100 })
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} })
  const handlers: (() => void)[] = []
  const shell = createShell({
    out, err: out, input: input as unknown as Shell['input'], cwd: '/', signal: new AbortController().signal, version: '0.0.0-test',
    env: { AGENTICOS_SERVER: whole.url, AGENTICOS_TOKEN: whole.admin, XDG_STATE_HOME: state, TERM: 'xterm', ...env },
    interrupts: (handle) => {
      handlers.push(handle)
      return () => void handlers.splice(handlers.indexOf(handle), 1)
    },
  })
  return {
    type: (text) => void input.write(text),
    interrupt: () => (env['TERM'] === 'dumb' ? handlers.at(-1)?.() : void input.write('\u0003')),
    shows: (text, times = 1) => new Promise((resolve) => {
      const look = (): void => {
        if (seen.split(text).length <= times) return
        looks = looks.filter((one) => one !== look)
        resolve(seen)
      }
      looks.push(look)
      look()
    }),
    ended: runCli(shell, ['chat', ...args]),
  }
}

const done = (text: string) => ({ calls: [{ name: 'DONE', input: { summary: 'done', result: { text } } }] })

describe('chat on a terminal', () => {
  it('shows the words as they come, colours, and keeps what was typed for its owner alone', async () => {
    model.script([{ text: 'I look around first. ', calls: [{ name: 'LIST_ALL_SESSIONS', input: {} }] }, done('Nothing runs.')])
    const one = terminal()
    await one.shows('> ')
    one.type('what runs?\r')
    const seen = await one.shows('Nothing runs.')
    expect(seen).toContain('I look around first.')
    expect(seen).toContain('\u001b[32m●\u001b[39m LIST_ALL_SESSIONS')
    await one.shows('> ', 2)
    one.type('\u0004')
    expect(await one.ended).toBe(0)
    expect(statSync(join(state, 'agenticos/chat-history')).mode & 0o777).toBe(0o600)
  })

  it.each([['of a terminal', 'xterm'], ['of a dumb terminal', 'dumb']])('stops the turn and not the program at a Ctrl-C %s, in the middle of an answer', async (_, TERM) => {
    model.script([{ fault: 'hang', midway: true }, done('Here again.')])
    const before = model.calls.length
    const one = terminal({ TERM })
    await one.shows('> ')
    one.type('think long\r\n')
    await model.arrived(before + 1)
    one.interrupt()
    await one.shows('stopped')
    await whole.until('nothing is leased', async () => (await whole.client.call(API.listEffects, { query: { session: 'system', state: 'leased' } })).items.length === 0)
    await one.shows('> ', 2)
    one.type('and now?\r\n')
    const seen = await one.shows('Here again.')
    if (TERM === 'dumb') expect(seen).not.toContain('\u001b')
    one.type('/quit\r\n')
    expect(await one.ended).toBe(0)
  })

  it('asks before it lets an agent operate, says what that allows, and takes no for an answer', async () => {
    const one = terminal()
    await one.shows('> ')
    one.type('/role rwxl\r')
    const asked = await one.shows('[y/N] ')
    expect(asked).toContain('Whoever may put into system/coordinator/requests may then have agents start, stop, deploy and fire what is merged')
    expect(asked).toContain('Propose nets/system/operator.yaml and merge it?')
    one.type('n\r')
    await one.shows('no agent here has the role rwxl')
    await one.shows('> ', 2)
    one.type('/role\r')
    await one.shows('role rwl: rl sees')
    one.type('/role rwxl\r')
    await one.shows('[y/N] ', 2)
    one.type('y\r')
    expect(await one.shows('role rwxl from the next turn on')).toMatch(/system\/operator runs \(proposal \d+\)/)
    one.type('\u0004')
    expect(await one.ended).toBe(0)
  })

  it('says of calls that ran beside one another whose each result is, in words', async () => {
    const one = terminal({ NO_COLOR: '1' })
    // words come another way than events, and none after the reply: the model waits until they are there
    model.script(async (request) => {
      if (request.turn === 0) return { calls: [{ name: 'LIST_ALL_SESSIONS', input: {} }, { name: 'LIST_SESSION_NETS', input: { session: 'system' } }] }
      await Promise.all([one.shows('1 session: system'), one.shows('coordinator')])
      return done('There they are.')
    })
    await one.shows('> ')
    one.type('what is there?\r')
    const seen = await one.shows('There they are.')
    expect(seen).toMatch(/(LIST_ALL_SESSIONS.*ok.*\n {2}|LIST_ALL_SESSIONS: )1 session: system\n/)
    expect(seen).toMatch(/(LIST_SESSION_NETS.*ok.*\n {2}|LIST_SESSION_NETS: )\d nets?: coordinator/)
    one.type('\u0004')
    expect(await one.ended).toBe(0)
  })

  it('leaves at the second Ctrl-C where nothing runs', async () => {
    const one = terminal()
    await one.shows('> ')
    one.interrupt()
    await one.shows('Ctrl-C again, or Ctrl-D, leaves')
    one.interrupt()
    expect(await one.ended).toBe(0)
  })
})
