import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { API } from '../../protocol/api.js'
import { startRiver, type River } from './river.js'

export const NET = `apiVersion: agenticos.dev/v1
kind: Net
metadata: {name: n}
places:
  inbox: {category: task, schema: {type: object, required: [text], properties: {text: {type: string, maxLength: 40}}}}
  small: {category: task, maxBytes: 100}
  full: {category: task, capacity: 1}
  keyed: {category: task, key: $.id}
  once: {category: task, key: $.id, onDuplicate: ignore}
  away: {category: task, sends: quiet/other/anything}
  done: {category: task}
transitions:
  never: {kind: pass, in: {x: {from: inbox, where: '$.text == "go"'}}, out: {done: {}}}
  sleep: {kind: pass, in: {x: {from: small, where: $.go == true}, y: {from: full, where: $.go == true}, z: {from: keyed, where: $.go == true}, v: {from: once, where: $.go == true}}, out: {done: {}}}
  send: {kind: pass, in: {x: {from: done, where: $.go == true}}, out: {away: {}}}
`
const OTHER = `apiVersion: agenticos.dev/v1
kind: Net
metadata: {name: other}
places:
  anything: {category: task, open: [bad]}
  ready: {category: task}
transitions:
  idle: {kind: pass, in: {x: {from: anything, where: $.go == true}}, out: {ready: {}}}
`
/** What lies in session `bad` before an attack, and must lie there after it. */
const SEEDS: Readonly<Record<string, readonly object[]>> = {
  inbox: [{ text: 'first' }, { text: 'second' }], full: [{ the: 'only one' }], keyed: [{ id: 1 }], once: [{ id: 'once' }],
}

export interface Attacked extends River {
  /** the admin's access token */
  readonly token: string
  /** what a request (`GET /v1/status`) is answered when it is refused: `status code: detail => remedy` */
  ask(request: string, init?: RequestInit, token?: string): Promise<string>
  /** the same with a JSON body */
  send(request: string, body: unknown, token?: string): Promise<string>
}

/** A controller with work in it, to be given bad inputs. */
export async function startAttacked(): Promise<Attacked> {
  const river = await startRiver({ files: { 'nets/bad/n.yaml': NET, 'nets/quiet/other.yaml': OTHER }, env: { AGENTICOS_ONLY: 'engine,reconcile,dispatch,api' } })
  for (const [place, tokens] of Object.entries(SEEDS)) for (const token of tokens) await river.put(`bad/n/${place}`, token as never)
  const admin = (await readFile(join(river.dataDir, 'admin-token'), 'utf8')).trim()
  const ask: Attacked['ask'] = async (request, init = {}, token = admin) => {
    const [method = '', path = ''] = request.split(' ')
    const headers = new Headers(init.headers)
    if (token !== '') headers.set('authorization', `Bearer ${token}`)
    return refusalOf(await fetch(river.url + path, { method, ...init, headers }))
  }
  return { ...river, token: admin, ask, send: (request, body, token) => ask(request, { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }, token) }
}

/** A refusal as the catalogues write it down. Whatever it says, it says nothing of our insides. */
export async function refusalOf(response: Response): Promise<string> {
  const text = await response.text()
  if (!response.headers.get('content-type')?.includes('application/problem+json')) return `${response.status} ${text.slice(0, 200)}`
  expect(text).not.toMatch(/node_modules|\.[tj]s:\d|select .* from|\/tmp\//)
  const { status, code, detail, remedy } = JSON.parse(text) as { status: number; code: string; detail: string; remedy: string }
  expect(status).toBe(response.status)
  return `${status} ${code}: ${detail} => ${remedy}`
}

/** After the attack: the controller lives and blames nobody but its askers, nothing is lost or came in, and the log proves it. */
export async function unharmed(river: River): Promise<void> {
  expect(river.child.exitCode).toBeNull()
  expect((await fetch(`${river.url}/readyz`)).status).toBe(200)
  await river.quiet('bad')
  for (const [place, tokens] of Object.entries(SEEDS)) expect({ place, tokens: await river.tokens(`bad/n/${place}`) }).toEqual({ place, tokens })
  for (const place of ['small', 'done']) expect(await river.tokens(`bad/n/${place}`)).toEqual([])
  for (const { name } of (await river.client.call(API.listSessions)).items) {
    expect(await river.client.call(API.verify, { params: { session: name } })).toMatchObject({ ok: true, differences: [], inTransit: 0 })
  }
  expect(river.log.filter((line) => line.includes('"level":50') || line.includes('"level":60') || line.includes('"level":"error"') || line.includes('"level":"fatal"'))).toEqual([])
}
