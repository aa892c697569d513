import { z } from 'zod'
import { stringify } from 'yaml'

const ASK_MS = 3_000
/** Chat needs about 20,000 tokens; more takes more memory than most machines have to spare. */
const MOST_CONTEXT = 32_768
const MOST_MODELS = 8

const tags = z.looseObject({ models: z.array(z.looseObject({ name: z.string(), size: z.number().default(0) })) })
const shown = z.looseObject({ capabilities: z.array(z.string()).default([]), model_info: z.record(z.string(), z.unknown()).default({}) })

export interface LocalModel {
  /** as models.yaml names it */
  readonly name: string
  readonly model: string
  readonly tools: boolean
  readonly context: number
  readonly bytes: number
}

export interface Ollama {
  readonly url: string
  /** the one to begin with first */
  readonly models: readonly LocalModel[]
}

/** The Ollama of this machine, if one answers: where OLLAMA_HOST says, else at its usual port. */
export async function findOllama(env: Readonly<Record<string, string | undefined>>): Promise<Ollama | undefined> {
  const url = ollamaUrl(env['OLLAMA_HOST'])
  if (url === undefined) return undefined
  const read = tags.safeParse(await askJson(`${url}/api/tags`))
  if (!read.success) return undefined
  const names = new Set<string>()
  const models = await Promise.all(read.data.models.slice(0, MOST_MODELS).map(async ({ name: model, size }): Promise<LocalModel> => {
    const { capabilities, model_info: info } = shown.catch({ capabilities: [], model_info: {} }).parse(await askJson(`${url}/api/show`, { model }) ?? {})
    const [, most] = Object.entries(info).find(([key]) => key.endsWith('.context_length')) ?? []
    return { name: nameOf(model, names), model, tools: capabilities.includes('tools'), context: Math.min(typeof most === 'number' && most >= 512 ? Math.floor(most) : 8_192, MOST_CONTEXT), bytes: size }
  }))
  return { url, models: models.sort((a, b) => Number(b.tools) - Number(a.tools) || b.bytes - a.bytes) }
}

/** models.yaml for what was found there. */
export function ollamaModels({ url, models }: Ollama): string {
  return stringify({
    apiVersion: 'agenticos.dev/v1', kind: 'Models', default: models[0]!.name,
    models: Object.fromEntries(models.map((one) => [one.name, {
      provider: 'ollama', url, model: one.model, context: one.context, price: 'free', capabilities: one.tools ? ['tools', 'schema'] : ['schema'], timeout: '10m',
    }])),
  })
}

/** `0.0.0.0:11434`, `host`, `http://host:port`: what OLLAMA_HOST may say. */
function ollamaUrl(host: string | undefined): string | undefined {
  const text = host === undefined || host.trim() === '' ? '127.0.0.1:11434' : host.trim()
  const whole = /^https?:\/\//.test(text) ? text : `http://${text}`
  if (!URL.canParse(whole)) return undefined
  const url = new URL(whole)
  if (url.username !== '' || url.password !== '') return undefined
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1'
  if (url.port === '' && !/^https?:\/\//.test(text)) url.port = '11434'
  return url.origin
}

function nameOf(model: string, taken: Set<string>): string {
  const base = model.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^[^a-z]+/, '').replace(/-+$/, '').slice(0, 50) || 'model'
  let name = base
  for (let nth = 2; taken.has(name); nth++) name = `${base}-${nth}`
  taken.add(name)
  return name
}

async function askJson(url: string, body?: object): Promise<unknown> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(ASK_MS), ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }) })
    return answer.ok ? await answer.json() : undefined
  } catch {
    return undefined
  }
}
