import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { CliFailure } from './failure.js'
import type { Shell } from './shell.js'

/** Runs another program of ours in this terminal, hands it our signals, and ends as it ends. */
export async function runProgram(shell: Shell, name: 'controller' | 'executor', args: readonly string[]): Promise<void> {
  const file = fileURLToPath(new URL(`../${name}/main.js`, import.meta.url))
  if (!existsSync(file)) throw new CliFailure(`the ${name} is not built: there is no ${file}`, 'build it: npm run build')
  const child = spawn(process.execPath, ['--enable-source-maps', file, ...args], { cwd: shell.cwd, env: shell.env, stdio: 'inherit' })
  const stop = (): void => void child.kill('SIGTERM')
  shell.signal.addEventListener('abort', stop)
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (exit, signal) => resolve(exit ?? (signal === 'SIGTERM' || signal === 'SIGINT' ? 0 : 1)))
  })
  shell.exit = code === 0 ? 0 : code === 2 ? 2 : 1
}
