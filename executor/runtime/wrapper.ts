import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

/** The file that a program name stands for, or undefined. */
export function findProgram(name: string, path: string, cwd: string): string | undefined {
  const candidates = name.includes('/') ? [isAbsolute(name) ? name : join(cwd, name)] : path.split(delimiter).map((folder) => join(folder, name))
  return candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK)
      return statSync(file).isFile()
    } catch {
      return false
    }
  })
}

export interface Limits {
  readonly memoryBytes: number
  readonly processes: number
}

/** Words put before a program so that the kernel itself holds it to its limits, as far as this machine has the tools. */
export function limitWords(limits: Limits, tools: Tools): string[] {
  const words: string[] = []
  // The kernel kills the command when the executor dies, whatever it dies of.
  if (tools.setpriv !== undefined) words.push(tools.setpriv, '--pdeathsig', 'KILL', '--')
  // --data counts what is writable and private; --as would also count what runtimes merely set aside.
  if (tools.prlimit !== undefined) words.push(tools.prlimit, '--core=0', `--data=${limits.memoryBytes}`, '--')
  return words
}

export interface Tools {
  readonly setpriv: string | undefined
  readonly prlimit: string | undefined
}

const SYSTEM = '/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin'

export function findTools(): Tools {
  if (process.platform !== 'linux') return { setpriv: undefined, prlimit: undefined }
  return { setpriv: findProgram('setpriv', SYSTEM, '/'), prlimit: findProgram('prlimit', SYSTEM, '/') }
}
