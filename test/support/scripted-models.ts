import type { ScriptedModel } from './scripted-model/server.js'

/** models.yaml with the scripted model alone, which is the fast one too. Its price makes costs visible. */
export function scriptedModels(model: ScriptedModel, price = '{input: 1, output: 2}'): string {
  return `apiVersion: agenticos.dev/v1
kind: Models
default: scripted
tiers: {fast: scripted, thinking: scripted}
models:
  scripted: {provider: openai, url: '${model.url}', model: scripted, context: 100000, price: ${price}}
`
}
