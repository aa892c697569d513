import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../controller/package-root.js'

/** A demo net as files of a net repository, with its session. */
export function demoNet(name: string, change: (text: string) => string = (text) => text): Record<string, string> {
  const read = (file: string): string => readFileSync(join(packageRoot(), 'nets/demo', file), 'utf8')
  return { 'nets/demo/session.yaml': read('session.yaml'), [`nets/demo/${name}.yaml`]: change(read(`${name}/${name}.yaml`)) }
}

/** Lines of a file of real logs beside this clone, or of our own sample where a clone has none. */
export function realLines(path: string, sample: string): { lines: string[]; real: boolean } {
  const file = join(packageRoot(), '../shared/logs', path)
  const real = existsSync(file)
  const text = readFileSync(real ? file : join(packageRoot(), sample), 'utf8')
  return { lines: text.split(/\r?\n/).filter((line) => line !== ''), real }
}
