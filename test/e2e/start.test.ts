import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { packageRoot } from '../../controller/package-root.js'
import { run } from '../support/river.js'

const root = packageRoot()
const dataDir = mkdtempSync(join(tmpdir(), 'agenticos-start-'))
const started: Started[] = []

afterAll(async () => {
  for (const one of started) if (one.child.exitCode === null) process.kill(-one.child.pid!, 'SIGINT')
  await Promise.all(started.map((one) => one.ended))
  rmSync(dataDir, { recursive: true, force: true })
})

interface Started {
  readonly child: ChildProcess
  /** everything it has said so far */
  said(): string
  /** resolves when it says this; rejects when it ends without */
  says(what: RegExp): Promise<void>
  readonly ended: Promise<number | null>
}

/** `npm start`, without npm, in a process group of its own as a terminal gives it one. */
function start(env: Readonly<Record<string, string>> = {}): Started {
  const child = spawn(process.execPath, ['scripts/start.mjs'], {
    cwd: root, detached: true, stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, AGENTICOS_DATA_DIR: dataDir, AGENTICOS_PORT: '0', FORCE_COLOR: '', ...env },
  })
  let text = ''
  const waiting = new Set<() => void>()
  for (const stream of [child.stdout!, child.stderr!]) stream.setEncoding('utf8').on('data', (more: string) => { text += more; for (const look of waiting) look() })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const one: Started = {
    child, ended, said: () => text,
    says: (what) => new Promise((resolve, reject) => {
      const look = () => what.test(text) && resolve()
      waiting.add(look)
      look()
      void ended.then((code) => reject(new Error(`it ended with ${code} before it said ${what}:\n${text}`)))
    }),
  }
  started.push(one)
  return one
}

/** Every process below this one. */
function below(pid: number): number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n').map((line) => line.trim().split(/\s+/).map(Number))
  const children = rows.filter(([, parent]) => parent === pid).map(([child]) => child!)
  return children.flatMap((child) => [child, ...below(child)])
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/^State:\s+Z/m.test(existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : '')
  } catch {
    return false
  }
}

/** Ctrl-C: the terminal tells the whole group. */
async function interrupt(one: Started): Promise<void> {
  const pids = below(one.child.pid!)
  expect(pids.length).toBeGreaterThan(2)
  const postgres = Number(readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0])
  expect([...pids, postgres].filter((pid) => !isAlive(pid))).toEqual([])
  process.kill(-one.child.pid!, 'SIGINT')
  expect(await one.ended).toBe(0)
  expect([...pids, postgres].filter(isAlive)).toEqual([])
  expect(one.said()).toMatch(/stopped/)
  expect(one.said()).not.toMatch(/^! /m)
}

describe('npm start', () => {
  it('answers a question about a real log, prints three commands that work and the recorded session, and ends at Ctrl-C with every process of its own', async () => {
    const one = start()
    await one.says(/npx agenticos chat --demo\n/)
    const said = one.said()
    const counted = Number(/Answer +Lines of controller\.log that say "info": (\d+)/.exec(said)?.[1])
    expect(counted).toBeGreaterThan(0)
    expect(readFileSync(join(dataDir, 'logs/controller.log'), 'utf8').split('\n').filter((line) => line.includes('info')).length).toBeGreaterThanOrEqual(counted)
    for (const step of ['net proposed', 'net merged', 'revision applied', 'question put', 'understood', 'searched']) expect(said).toMatch(new RegExp(`✓ ${step} +[\\d.]+ m?s`))
    expect(said).not.toContain('\u001b')

    const commands = said.split('\n').map((line) => line.trim()).filter((line) => line.includes('npx agenticos'))
    expect(commands).toHaveLength(4)
    expect(commands.at(-1)).toMatch(/npx agenticos chat --demo$/)
    const [ask, watch, propose] = await Promise.all(commands.slice(0, 3).map((command) => run('sh', ['-c', command], { cwd: root, env: { ...process.env, NO_COLOR: '1' } })))
    expect(ask).toMatchObject({ code: 0 })
    expect(ask!.out).toMatch(/^answer: .*controller\.log.*: \d"?$/m)
    expect(ask!.out).toContain('Revision applied')
    expect(watch).toMatchObject({ code: 0 })
    expect(watch!.out).toMatch(/transition\.fired +log-questions\/understand-how-many/)
    expect(propose).toMatchObject({ code: 0 })
    expect(propose!.out).toMatch(/2.*Watch sshd for attackers/)
    await interrupt(one)
  }, 180_000)

  it('says what is already there the second time, and asks nothing again', async () => {
    const one = start()
    await one.says(/npx agenticos chat --demo\n/)
    expect(one.said()).toMatch(/✓ all there .* 1 open proposal/)
    expect(one.said()).toMatch(/demo\/log-questions +2 tokens +ready/)
    expect(one.said()).not.toMatch(/Answer|net proposed/)
    await interrupt(one)
  }, 180_000)

  it('refuses a data directory that another controller runs on, and a port that is taken, with what to do', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as { port: number }
    const unlucky = start({ AGENTICOS_PORT: String(port) })
    expect(await unlucky.ended).toBe(1)
    expect(unlucky.said()).toContain(`error: another program listens at 127.0.0.1:${port} already\n  do:  stop it, or take another port: AGENTICOS_PORT=${port + 1}`)
    taken.close()

    const first = start()
    await first.says(/Running at/)
    const second = start()
    expect(await second.ended).toBe(1)
    expect(second.said()).toMatch(/error: the data directory \S+ is in use by the controller with pid \d+\n {2}do: +stop that one first/)
    await interrupt(first)
  }, 180_000)

  it('says which program is missing when there is no git', async () => {
    const path = mkdtempSync(join(tmpdir(), 'agenticos-path-'))
    const one = start({ PATH: path })
    expect(await one.ended).toBe(1)
    expect(one.said()).toMatch(/error: .*git.*\n {2}do: +[Ii]nstall git/)
    rmSync(path, { recursive: true, force: true })
  })
})
