import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface FixtureServer {
  readonly url: string
  /** holds app.log */
  readonly folder: string
  close(): void
}

const LOG = '2026-01-01 INFO hello\n2026-01-01 ERROR one\n2026-01-01 ERROR two\n2026-01-01 INFO bye\n'

/** What the nets of the tasks fetch and read: a server on loopback and a folder with a log. */
export async function startFixture(): Promise<FixtureServer> {
  const folder = mkdtempSync(join(tmpdir(), 'agenticos-eval-'))
  writeFileSync(join(folder, 'app.log'), LOG)
  const tried = new Set<string>()
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0]!
    const json = (status: number, value: unknown): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    const user = /^\/users\/(\w+)$/.exec(path)?.[1]
    if (path === '/page.json') return json(200, { title: 'A page', version: 1 })
    if (path === '/items.json') return json(200, [{ id: 1, title: 'one' }, { id: 2, title: 'two' }])
    if (user !== undefined) return user === '404' ? json(404, { error: 'no such user' }) : json(200, { id: user, name: `user ${user}` })
    if (path.startsWith('/flaky/') || path === '/health') {
      // a flaky call fails the first time, the health check the second
      const again = tried.has(path)
      tried.add(path)
      return json(again === (path === '/health') ? 503 : 200, { ok: again !== (path === '/health') })
    }
    if (path === '/echo') {
      let text = ''
      request.setEncoding('utf8').on('data', (chunk: string) => { text += chunk }).on('end', () => {
        try {
          json(200, { got: JSON.parse(text) as unknown })
        } catch {
          json(400, { error: 'not JSON' })
        }
      })
      return
    }
    json(404, { error: `nothing at ${path}` })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return { url: `http://127.0.0.1:${port}`, folder, close: () => void server.close() }
}
