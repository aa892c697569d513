import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../controller/package-root.js'
import { checkRepository } from '../../petri/doctor/check.js'
import type { NetFile } from '../../petri/language.js'
import { picture, type Layout } from '../../petri/picture.js'
import { readFile } from '../../petri/read.js'

/** A demo net, or one of another session, as files of a net repository, with its session. */
export function demoNet(name: string, change: (text: string) => string = (text) => text, session = 'demo'): Record<string, string> {
  const read = (file: string): string => readFileSync(join(packageRoot(), 'nets', session, file), 'utf8')
  return { [`nets/${session}/session.yaml`]: read('session.yaml'), [`nets/${session}/${name}.yaml`]: change(read(`${name}/${name}.yaml`)) }
}

/** Lines of a file of real logs beside this clone, or of our own sample where a clone has none. */
export function realLines(path: string, sample: string): { lines: string[]; real: boolean } {
  const file = join(packageRoot(), '../shared/logs', path)
  const real = existsSync(file)
  const text = readFileSync(real ? file : join(packageRoot(), sample), 'utf8')
  return { lines: text.split(/\r?\n/).filter((line) => line !== ''), real }
}

const netsOf = (session: string): string[] => readdirSync(join(packageRoot(), 'nets', session), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort()
export const DEMO_NETS: readonly string[] = netsOf('demo')
/** Every net that comes with the program, by session and name. */
export const OWN_NETS: readonly (readonly [session: string, name: string])[] = ['demo', 'system'].flatMap((session) => netsOf(session).map((name) => [session, name] as const))

/** The picture of a net of ours, by its own layout. Its places may be those of another net of the session. */
export function drawDemoNet(name: string, session = 'demo'): string {
  const texts = Object.assign({}, ...netsOf(session).map((other) => demoNet(other, undefined, session))) as Record<string, string>
  const drafts = Object.entries(texts).map(([path, text]) => readFile(path, text))
  const net = checkRepository(drafts).sessions.get(session)!.nets.get(name)!
  const file = drafts.find(({ value }) => value?.kind === 'Net' && value.metadata.name === name)!.value as NetFile
  return picture(net, (file.layout ?? {}) as Layout)
}
