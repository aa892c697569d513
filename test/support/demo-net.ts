import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../controller/package-root.js'
import { checkRepository } from '../../petri/doctor/check.js'
import type { NetFile } from '../../petri/language.js'
import { picture, type Layout } from '../../petri/picture.js'
import { readFile } from '../../petri/read.js'

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

export const DEMO_NETS: readonly string[] = readdirSync(join(packageRoot(), 'nets/demo'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort()

/** The picture of a demo net, by its own layout. */
export function drawDemoNet(name: string): string {
  const drafts = Object.entries(demoNet(name)).map(([path, text]) => readFile(path, text))
  const net = checkRepository(drafts).sessions.get('demo')!.nets.get(name)!
  return picture(net, ((drafts[1]!.value as NetFile).layout ?? {}) as Layout)
}
