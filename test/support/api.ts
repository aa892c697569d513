import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll } from 'vitest'
import { createApi } from '../../controller/api/server.js'
import { mint } from '../../controller/api/secret.js'
import { dispatchRoutes } from '../../controller/dispatch/routes.js'
import { startDispatch } from '../../controller/dispatch/dispatch.js'
import { startEngine } from '../../controller/engine/engine.js'
import { startReconcile } from '../../controller/reconcile/reconcile.js'
import type { Forge } from '../../controller/forge/forge.js'
import { openBare } from '../../controller/forge/bare.js'
import { createLog } from '../../controller/log.js'
import { createAccess } from '../../controller/store/access/create.js'
import type { Database } from '../../controller/store/database.js'
import type { Scope } from '../../protocol/api/route.js'
import { createClient, type Client } from '../../protocol/client.js'
import { testDatabase } from './database.js'

export interface TestApi {
  readonly app: FastifyInstance
  readonly db: Database
  readonly forge: Forge
  readonly url: string
  readonly databaseUrl: string
  readonly dataDir: string
  readonly admin: string
  readonly client: Client
  /** a token with these scopes */
  token(scopes: readonly Scope[], sessions?: readonly string[], expiresInDays?: number): Promise<string>
  as(token: string): Client
  /** as main.ts ends it: the signal first, then the server */
  stop(): Promise<void>
}

interface Given {
  readonly requestsPerSecond?: number
  readonly auth?: boolean
  /** engine, reconciler and dispatch beside the API, in this process */
  readonly whole?: boolean
}

/** A whole API on a port of its own, with a real database and a real repository. */
export async function testApi({ whole = false, ...config }: Given = {}): Promise<TestApi> {
  const { url: databaseUrl, database: db } = await testDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'agenticos-api-'))
  const log = createLog({ level: 'silent' })
  const forge = await openBare({ dataDir, log, changed: () => db.notify('revision', 'changed') })
  const stop = new AbortController()
  const app = await createApi({ db, forge, log, signal: stop.signal, config: { version: '0.0.0-test', ...config } })
  const parts: Promise<unknown>[] = []
  if (whole) {
    await app.register(dispatchRoutes(await startDispatch(db, log, stop.signal)))
    parts.push((await startEngine({ db, log, signal: stop.signal })).stopped)
    parts.push(startReconcile({ db, forge, log, signal: stop.signal }))
  }
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as { port: number }
  const url = `http://127.0.0.1:${port}`
  const token: TestApi['token'] = async (scopes, sessions = ['*'], expiresInDays) => {
    const made = mint()
    await createAccess(db, { id: made.id, hash: made.hash, kind: 'api', name: scopes.join('+'), scopes, sessions, expiresInDays: expiresInDays ?? null })
    return made.token
  }
  const admin = await token(['admin'])
  const as = (text: string) => createClient({ server: url, token: text })
  const end = async () => {
    stop.abort()
    await app.close()
    await Promise.all(parts)
  }
  afterAll(async () => {
    await end()
    forge.close()
    await rm(dataDir, { recursive: true, force: true })
  })
  return { app, db, forge, url, databaseUrl, dataDir, admin, client: as(admin), token, as, stop: end }
}
