import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { packageRoot } from '../../controller/package-root.js'

it('petri and protocol compile for a browser: without Node types, with the DOM', () => {
  const folder = mkdtempSync(join(tmpdir(), 'agenticos-purity-'))
  const root = packageRoot()
  const file = join(folder, 'tsconfig.json')
  const options = { noEmit: true, rootDir: root, types: [], lib: ['es2023', 'es2024.string', 'dom'] }
  writeFileSync(file, JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions: options, include: [join(root, 'petri'), join(root, 'protocol')] }))
  try {
    const compile = () => execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', file], { encoding: 'utf8' })
    expect(compile).not.toThrow()
  } catch (error) {
    throw new Error((error as { stdout?: string }).stdout ?? String(error))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
