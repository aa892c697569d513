import { judgeSetting } from './doctor/judge-setting.js'
import { MODELS_RULES } from './doctor/doctor.js'
import { duration } from './duration.js'
import type { Finding } from './finding.js'
import { frequency } from './frequency.js'
import { CAPABILITIES, CONTEXT, FREE, type Model, type ModelFile, type Models, type ModelsFile, type Price } from './models.js'
import { microsOf } from './money.js'
import type { Draft } from './net.js'
import { readSetting } from './yaml/read.js'

const MAX_OUTPUT = 2_048
const TIMEOUT = 120_000
export const OLLAMA_URL = 'http://127.0.0.1:11434'

/** models.yaml with defaults written out; no `models` where a finding of level error stands against it. */
export function readModels(file: string, text: string): { readonly models: Models | undefined; readonly findings: readonly Finding[] } {
  const draft = readSetting(file, text, 'Models') as Draft<ModelsFile>
  const { findings, sound } = judgeSetting(draft, MODELS_RULES)
  return { models: sound ? modelsOf(draft.value!) : undefined, findings }
}

function modelsOf(file: ModelsFile): Models {
  const names = Object.keys(file.models)
  const first = file.default ?? names[0]
  return {
    ...(first === undefined ? {} : { default: first }),
    tiers: file.tiers ?? {},
    models: Object.fromEntries(names.map((name) => [name, modelOf(name, file.models[name]!)])),
  }
}

function modelOf(name: string, file: ModelFile): Model {
  const context = file.context ?? CONTEXT
  const rate = file.rate === undefined ? undefined : frequency(file.rate)
  return {
    name,
    provider: file.provider,
    url: (file.url ?? (file.provider === 'ollama' ? OLLAMA_URL : '')).replace(/\/+$/, ''),
    model: file.model,
    context,
    maxOutput: file.maxOutput ?? Math.min(MAX_OUTPUT, Math.floor(context / 4)),
    price: priceOf(file.price ?? 'free'),
    capabilities: file.capabilities ?? CAPABILITIES,
    ...(file.key === undefined ? {} : { key: file.key }),
    fallback: file.fallback ?? [],
    ...(rate === undefined ? {} : { rate }),
    timeout: (file.timeout === undefined ? undefined : duration(file.timeout)) ?? TIMEOUT,
    ...(file.title === undefined ? {} : { title: file.title }),
  }
}

/** US dollars a million tokens are as many micro-dollars a token, so a price in millionths of those is its micro-dollars. */
function priceOf(price: NonNullable<ModelFile['price']>): Price {
  if (price === 'free') return FREE
  const input = microsOf(price.input)!
  return { input, cached: price.cached === undefined ? input : microsOf(price.cached)!, output: microsOf(price.output)! }
}
