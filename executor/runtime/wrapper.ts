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

/**
 * Words put before a program so that the kernel itself holds it to its limits, as far as this machine allows. `doors`:
 * files by which it enters its control groups.
 */
export function limitWords(limits: Limits, doors: readonly string[], setpriv: string | undefined): string[] {
  const steps = [
    'ulimit -c 0',
    // -d counts what is writable and private; -v would also count what runtimes merely set aside.
    ...(linux ? [`ulimit -d ${Math.ceil(limits.memoryBytes / 1024)}`] : []),
    ...doors.map((door) => `echo 0 > '${door}'`),
    'exec "$@"',
  ]
  // The kernel kills the command when the executor dies, whatever it dies of.
  return [...(setpriv === undefined ? [] : [setpriv, '--pdeathsig', 'KILL', '--']), '/bin/sh', '-c', steps.join('; '), 'limits']
}

const linux = process.platform === 'linux'

/** setpriv of util-linux, where there is one. */
export function findSetpriv(): string | undefined {
  return linux ? findProgram('setpriv', '/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin', '/') : undefined
}
