import { spawn } from 'node:child_process'
import { root } from './prepare.mjs'

/** Runs a program of ours in this terminal, hands it our signals, and ends as it ends. `tied`: it ends when we are gone, too. */
export function run(file, args, { cwd = root, tied = false } = {}) {
  const child = spawn(process.execPath, ['--enable-source-maps', file, ...args], { cwd, stdio: tied ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit' })
  // The terminal sends Ctrl-C to the child as well; a supervisor sends it to us alone.
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT')
  })
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}
