import { resolve } from 'node:path'
import { watch } from 'chokidar'
import { hasErrors } from '../petri/finding.js'
import { planRepository, type Sessions } from '../petri/plan.js'
import { API } from '../protocol/api.js'
import { ProblemError, UnreachableError } from '../protocol/client.js'
import { CliFailure, usage } from './failure.js'
import { finding, tally } from './finding-line.js'
import { readChange, type LocalChange } from './local-change.js'
import { checkLocal } from './local-check.js'
import { plainLines } from './paint.js'
import { planLines } from './proposal-text.js'
import type { Shell } from './shell.js'

interface Options {
  readonly apply: boolean
  readonly keep: boolean
  readonly once: boolean
  readonly name?: string
  readonly session?: string
}

const QUIET = 120

/** Looks at a folder at the start and after each save, until Ctrl-C. */
export async function watchFolder(shell: Shell, folder: string, options: Options): Promise<void> {
  let before: Sessions = new Map()
  let scratch: string | undefined
  const look = async (): Promise<void> => {
    const change = await readChange(shell, folder, options.session, false)
    const { sessions, findings } = await checkLocal(shell, change)
    const bad = hasErrors(findings)
    // A net with errors is not there to be compared: it would look as if it had been removed.
    if (!bad) for (const line of planLines(shell, planRepository(before, sessions))) shell.print(line)
    for (const one of findings) shell.print(finding(shell, one))
    shell.exit = bad ? 2 : 0
    shell.print(bad ? shell.paint('red', tally(findings)) : shell.paint('green', findings.length === 0 ? 'clean' : tally(findings)))
    if (bad) return
    before = sessions
    if (options.apply) scratch = await apply(shell, change, options.name)
  }
  const attempt = async (): Promise<void> => {
    try {
      await look()
    } catch (error) {
      if (options.once || !(error instanceof CliFailure || error instanceof ProblemError || error instanceof UnreachableError)) throw error
      shell.warn(`${shell.paintErr('red', 'error:')} ${plainLines(error.message)}`)
    }
  }
  try {
    await attempt()
    if (!options.once) await afterEachSave(shell, resolve(shell.cwd, folder), attempt)
  } finally {
    if (scratch !== undefined && !options.keep) await remove(shell, scratch)
  }
}

async function apply(shell: Shell, change: LocalChange, name: string | undefined): Promise<string> {
  if (change.sessions.length !== 1) usage(`a scratch session holds one session, and there are ${change.sessions.length}: ${change.sessions.join(', ')}`, 'name the folder of one of them')
  const scratch = name ?? change.sessions[0]!
  const files = change.files.filter((file) => file.path.startsWith('nets/')).map((file) => ({ path: file.path.split('/').at(-1)!, content: file.content }))
  const run = await shell.client().call(API.putScratch, { params: { scratch }, body: { files } })
  shell.print(`runs in session ${shell.paint('bold', run.session)} (${run.commit.slice(0, 10)}): agenticos get nets ${run.session}`)
  return scratch
}

async function remove(shell: Shell, scratch: string): Promise<void> {
  try {
    await shell.client().call(API.removeScratch, { params: { scratch } })
    shell.print(`scratch session scratch-${scratch} ended`)
  } catch (error) {
    shell.warn(`the scratch session could not be ended: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Calls back after each burst of changes; one call at a time. */
async function afterEachSave(shell: Shell, folder: string, saved: () => Promise<void>): Promise<void> {
  const watcher = watch(folder, { ignoreInitial: true, ignored: (path) => /(^|\/)(\.git|node_modules|\.agenticos)(\/|$)/.test(path.slice(folder.length)) })
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  await new Promise<void>((done, failed) => {
    watcher.on('ready', () => shell.warn(`watching ${folder}; Ctrl-C ends`))
    watcher.on('error', failed)
    watcher.on('all', (_event, path) => {
      if (!/\.(ya?ml|pnml)$/.test(path)) return
      clearTimeout(timer)
      timer = setTimeout(() => {
        running = running.then(() => {
          shell.print(shell.paint('dim', `── ${new Date().toISOString().slice(11, 19)} ──`))
          return saved()
        }).catch(failed)
      }, QUIET)
    })
    if (shell.signal.aborted) done()
    shell.signal.addEventListener('abort', () => done(), { once: true })
  }).finally(() => {
    clearTimeout(timer)
    return watcher.close()
  })
  await running
}
