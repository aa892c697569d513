import type { ModelGrant } from '../../../protocol/model.js'
import type { ScriptedModel } from './server.js'

/** A scripted model as a lease grants it: free, with all capabilities, unless said otherwise. */
export function scriptedGrant(model: ScriptedModel, wire: 'openai' | 'ollama', more: Partial<ModelGrant> = {}): ModelGrant {
  return {
    name: 'scripted', provider: wire, url: wire === 'openai' ? model.url : model.ollamaUrl, model: 'scripted', context: 8192, maxOutput: 2048,
    price: { input: 0, cached: 0, output: 0 }, capabilities: ['tools', 'schema'], timeout: 20_000, ...more,
  }
}
