// Makes a clone runnable: installs what package-lock.json asks for and compiles what changed. Plain Node, no dependency,
// instant when there is nothing to do. Every other script begins here.
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const SOURCES = ['petri', 'protocol', 'tools', 'controller', 'executor', 'cli', 'evals']
const LEAST_NODE = [20, 11]
const LEAST_GIT = [2, 38]
const at = (...parts) => join(root, ...parts)

/** Installs and builds what is missing or stale; ends the process with a sentence when it cannot. */
export function prepare({ build = true, quiet = false } = {}) {
  const say = quiet ? () => {} : (line) => process.stderr.write(`${line}\n`)
  checkNode()
  install(say)
  if (build) compile(say)
  checkGit()
}

/** Ends the process with what is wrong and what to do. */
export function giveUp(wrong, remedy) {
  process.stderr.write(`\nerror: ${wrong}\n  do:  ${remedy}\n`)
  process.exit(1)
}

function atLeast(version, [major, minor]) {
  const [a = 0, b = 0] = version.split('.').map(Number)
  return a > major || (a === major && b >= minor)
}

function checkNode() {
  if (atLeast(process.versions.node, LEAST_NODE)) return
  giveUp(`Node ${process.versions.node} is too old`, `install Node ${LEAST_NODE.join('.')} or later (https://nodejs.org)`)
}

function checkGit() {
  let text = ''
  // The answer is remembered with the build: asking costs as much as everything else here.
  const note = at('dist/.git-checked')
  if (existsSync(note) && readFileSync(note, 'utf8') === (process.env.PATH ?? '')) return
  try {
    text = execFileSync('git', ['--version'], { encoding: 'utf8' })
  } catch {
    giveUp('git is not installed', `install git ${LEAST_GIT.join('.')} or later`)
  }
  const version = /(\d+\.\d+)/.exec(text)?.[1] ?? '0.0'
  if (!atLeast(version, LEAST_GIT)) {
    giveUp(`git ${version} is too old: proposals are merged with git merge-tree --write-tree`, `install git ${LEAST_GIT.join('.')} or later`)
  }
  if (existsSync(at('dist'))) writeFileSync(note, process.env.PATH ?? '')
}

function install(say) {
  const wanted = hashOf(at('package-lock.json'))
  const note = at('node_modules/.agenticos-installed')
  if (existsSync(note) && readFileSync(note, 'utf8') === wanted) return
  // A folder that npm itself filled from this very lock file needs no second installation.
  if (!existsSync(note) && installedFrom(at('node_modules/.package-lock.json'))) {
    writeFileSync(note, wanted)
    return
  }
  step(say, 'installing packages (npm ci)', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
    'look at the message of npm above; the network and the disk are what it needs')
  writeFileSync(note, wanted)
}

/** Does npm's own record of node_modules hold every package of the lock file that this machine can have? */
function installedFrom(record) {
  if (!existsSync(record)) return false
  const there = JSON.parse(readFileSync(record, 'utf8')).packages ?? {}
  const wanted = JSON.parse(readFileSync(at('package-lock.json'), 'utf8')).packages ?? {}
  return Object.entries(wanted).every(([name, { version, optional }]) => name === '' || there[name]?.version === version || (optional && !there[name]))
}

/** Into a folder of its own, then in place of the old one: a failed build leaves the last good one, and two at once agree. */
function compile(say) {
  const state = fingerprint()
  const note = at('dist/.built-from')
  if (existsSync(note) && readFileSync(note, 'utf8') === state) return
  const fresh = at(`dist.${process.pid}`)
  const old = `${fresh}.old`
  const tsc = at('node_modules/typescript/bin/tsc')
  try {
    step(say, 'compiling (tsc)', process.execPath, [tsc, '-p', at('tsconfig.build.json'), '--outDir', fresh],
      'correct what the compiler names above; with an unchanged clone, run npm ci and try again')
    writeFileSync(join(fresh, '.built-from'), state)
    try {
      if (existsSync(at('dist'))) renameSync(at('dist'), old)
      renameSync(fresh, at('dist'))
    } catch (error) {
      if (error.code !== 'ENOENT' && error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    }
  } finally {
    rmSync(fresh, { recursive: true, force: true })
    rmSync(old, { recursive: true, force: true })
  }
}

/** Names, sizes and times of all sources: changes when any of them does. */
function fingerprint() {
  const hash = createHash('sha256')
  for (const file of ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json']) hash.update(hashOf(at(file)))
  for (const folder of SOURCES) {
    if (!existsSync(at(folder))) continue
    for (const name of readdirSync(at(folder), { recursive: true }).sort()) {
      if (!name.endsWith('.ts')) continue
      const { size, mtimeMs } = statSync(at(folder, name))
      hash.update(`${folder}/${name} ${size} ${mtimeMs}\n`)
    }
  }
  return hash.digest('hex')
}

function hashOf(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}

function step(say, title, program, args, remedy) {
  const begun = performance.now()
  say(`› ${title} ...`)
  const { status, error, stdout } = spawnSync(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8', shell: program === 'npm' && process.platform === 'win32' })
  if (error !== undefined || status !== 0) {
    process.stderr.write(stdout ?? '')
    rmSync(at(`dist.${process.pid}`), { recursive: true, force: true })
    giveUp(`${title} failed${error === undefined ? '' : `: ${error.message}`}`, remedy)
  }
  say(`  done in ${((performance.now() - begun) / 1000).toFixed(1)} s`)
}
