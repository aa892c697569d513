import { PassThrough } from 'node:stream'
import { beforeAll, describe, expect, it } from 'vitest'
import { table } from '../../../cli/table.js'
import { models as view } from '../../../cli/views/models.js'
import { createShell } from '../../../cli/shell.js'
import { openReconciler } from '../../../controller/reconcile/reconcile.js'
import { createLog } from '../../../controller/log.js'
import { API } from '../../../protocol/api.js'
import { testApi, type TestApi } from '../../support/api.js'
import { merged } from '../../support/forge.js'

const MODELS = `apiVersion: agenticos.dev/v1
kind: Models
default: small
tiers: {thinking: mini}
models:
  mini: {provider: openai, url: 'https://api.openai.com/v1', model: gpt-4o-mini, key: env:OPENAI_API_KEY, price: {input: 0.15, cached: 0.075, output: 0.6}, context: 128000, rate: 60/m, fallback: [small]}
  small: {provider: ollama, model: 'qwen3:4b', price: free, title: Local}
`

let api: TestApi
beforeAll(async () => {
  api = await testApi()
})

describe('GET /v1/models', () => {
  it('is empty before there is a models.yaml', async () => {
    expect(await api.client.call(API.listModels)).toEqual({ items: [], commit: '' })
  })

  it('shows what the applied models.yaml says, to whoever may read, and nothing that a key could be', async () => {
    const commit = await merged(api.forge, 'Models', { 'models.yaml': MODELS })
    await openReconciler({ db: api.db, forge: api.forge, log: createLog({ level: 'silent' }) })()
    const said = await api.as(await api.token(['read'])).call(API.listModels)
    expect(said).toEqual({
      commit,
      items: [
        {
          name: 'mini', title: '', provider: 'openai', model: 'gpt-4o-mini', host: 'api.openai.com', key: 'env:OPENAI_API_KEY', price: { input: 0.15, cached: 0.075, output: 0.6 }, context: 128_000, maxOutput: 2_048,
          capabilities: ['tools', 'schema'], fallback: ['small'], rate: { limit: 60, windowMs: 60_000 }, timeoutMs: 120_000, default: false, tiers: ['thinking'],
        },
        {
          name: 'small', title: 'Local', provider: 'ollama', model: 'qwen3:4b', host: '127.0.0.1:11434', key: '', price: 'free', context: 8_192, maxOutput: 2_048,
          capabilities: ['tools', 'schema'], fallback: [], rate: null, timeoutMs: 120_000, default: true, tiers: [],
        },
      ],
    })
    await expect(api.as(await api.token(['put'])).call(API.listModels)).rejects.toMatchObject({ problem: { status: 403 } })
  })

  it('is a table in the terminal', async () => {
    const { items } = await api.client.call(API.listModels)
    const { paint } = createShell({ out: new PassThrough(), err: new PassThrough(), input: new PassThrough(), env: {}, cwd: '/', signal: new AbortController().signal, version: '0' })
    expect(table(view().columns, items, { wide: false, paint, columns: undefined }).map((line) => line.trimEnd().replaceAll(/ {2,}/g, '  '))).toEqual([
      'NAME  USED FOR  PROVIDER  MODEL  HOST  USD/M IN  USD/M OUT  CONTEXT  CAPABILITIES',
      'mini  thinking  openai  gpt-4o-mini  api.openai.com  0.15  0.60  128000  tools,schema',
      'small  default  ollama  qwen3:4b  127.0.0.1:11434  free  free  8192  tools,schema',
    ])
  })
})
