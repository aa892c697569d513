import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { testApi, type TestApi } from '../support/api.js'
import { applyNets, demoNet } from '../support/applied.js'

const RUNNER = fileURLToPath(new URL('../support/run-ts.mjs', import.meta.url))
const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url))
const shell = (line: string) => promisify(execFile)('bash', ['-c', `set -o pipefail; ${line.replaceAll('agenticos', `'${process.execPath}' '${RUNNER}' '${MAIN}'`)}`], { env: { PATH: process.env['PATH'], HOME: '/nonexistent' }, cwd: '/' })
  .then((ran) => ({ code: 0, ...ran }), (error: { code: number; stdout: string; stderr: string }) => ({ code: error.code, stdout: error.stdout, stderr: error.stderr }))

let api: TestApi
beforeAll(async () => {
  api = await testApi()
  await applyNets(api.db, 'demo', [demoNet()])
})

describe('the program itself', () => {
  it('is quiet when its reader goes away', async () => {
    expect(await shell('agenticos help | true')).toMatchObject({ code: 0, stderr: '' })
  })

  it('ends with its exit code, and writes all of a large answer into a pipe', async () => {
    const names = Array.from({ length: 400 }, (_, nth) => ({ ...demoNet(`net-${nth}`) }))
    await applyNets(api.db, 'large', names)
    const ran = await shell(`AGENTICOS_SERVER=${api.url} AGENTICOS_TOKEN=${api.admin} agenticos get transitions large -o json | wc -c; agenticos status; echo "exit $?"; agenticos gte; echo "exit $?"`)
    const [bytes, first, second] = ran.stdout.trim().split('\n')
    expect(Number(bytes)).toBeGreaterThan(100_000)
    expect([first, second]).toEqual(['exit 1', 'exit 2'])
  })

  it('ends at once on Ctrl-C', async () => {
    const child = spawn(process.execPath, [RUNNER, MAIN, 'events', 'demo', '--follow', '--after', '0'], { env: { PATH: process.env['PATH'], AGENTICOS_SERVER: api.url, AGENTICOS_TOKEN: api.admin }, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => { said += chunk.toString() })
    const streams = async () => (await new Promise<number>((resolve, reject) => api.app.server.getConnections((error, count) => (error ? reject(error) : resolve(count)))))
    while ((await streams()) === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    child.kill('SIGINT')
    const [code] = (await once(child, 'exit')) as [number]
    expect([code, said]).toEqual([0, ''])
  })
})
