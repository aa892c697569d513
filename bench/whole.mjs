// A whole controller as its own process (its executor is one more), as npm start runs it.
import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const ROOT = new URL('..', import.meta.url).pathname

export async function startWhole(url, settings = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'agenticos-bench-whole-'))
  const { node = [], ...env } = settings
  const child = run('controller', [...node], { DATABASE_URL: url, AGENTICOS_DATA_DIR: dataDir, AGENTICOS_PORT: '0', AGENTICOS_LOG_LEVEL: 'info', AGENTICOS_ONLY: 'engine,dispatch,api,executor', AGENTICOS_EXECUTOR_CAPACITY: '256', AGENTICOS_EXECUTOR_LOG: 'error', ...env })
  await said(child, 'the controller runs')
  return {
    pid: child.pid, dataDir,
    url: JSON.parse(await readFile(join(dataDir, 'server.json'), 'utf8')).url,
    token: (await readFile(join(dataDir, 'admin-token'), 'utf8')).trim(),
    async stop() {
      await ended(child)
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** An executor of its own, beside a controller that runs none. */
export async function startExecutor(url, token, settings = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'agenticos-bench-executor-'))
  const { node = [], ...env } = settings
  const child = run('executor', [...node], {
    AGENTICOS_URL: url, AGENTICOS_EXECUTOR_TOKEN: token, AGENTICOS_EXECUTOR_NAME: 'bench', AGENTICOS_EXECUTOR_DATA: dataDir, AGENTICOS_EXECUTOR_CAPACITY: '256',
    AGENTICOS_EXECUTOR_LOG: 'info', AGENTICOS_EXECUTOR_MODEL_HOSTS: 'http://127.0.0.1', ...env })
  await said(child, 'registered')
  return {
    pid: child.pid,
    async stop() {
      await ended(child)
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

function run(program, node, env) {
  return spawn(process.execPath, [...node, join(ROOT, `dist/${program}/main.js`)], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] })
}

function said(child, words) {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`a program ended with ${code}`)))
    createInterface({ input: child.stdout }).on('line', (line) => { if (line.includes(words)) resolve() })
  })
}

async function ended(child) {
  child.removeAllListeners('exit')
  const over = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await over
}
