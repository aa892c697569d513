import { baseUrl, isLoopback } from '../base-url.js'
import type { Flaw } from './rule.js'
import type { ModelsRule } from './setting-rule.js'

export const modelUrl: ModelsRule = {
  code: 'model-url',
  level: 'error',
  explanation: 'A model’s `url` is missing or no plain http(s) address, or stands where nothing is called; as a warning, a key would travel unencrypted.',
  *check({ models }): Iterable<Flaw> {
    for (const [name, { provider, url, key }] of Object.entries(models)) {
      const path = ['models', name, 'url']
      if (url === undefined) {
        if (provider === 'openai') yield { path: ['models', name], message: `${name} has no url.`, remedy: 'Add url: https://api.openai.com/v1, or that of another server that speaks as it does.' }
        continue
      }
      if (provider === 'replay') {
        yield { path, message: `${name} is a recording, and nothing is called.`, remedy: 'Remove url; model is the name of the recording.' }
        continue
      }
      const read = typeof url === 'string' ? baseUrl(url) : undefined
      // the text may hold a password: it is not repeated
      if (!read) yield {
        path,
        message: `The url of ${name} is not one of the form http(s)://host:port/path.`,
        remedy: String(url).includes('@') ? 'Take user and password out (and out of the history: change them where they are valid); a key goes to key: env:NAME.' : 'Write it as https://api.example.com/v1, without user, query and fragment.',
      }
      else if (read.scheme === 'http' && key !== undefined && !isLoopback(read.name)) yield {
        path,
        level: 'warning',
        message: `The key of ${name} would go to ${read.host} unencrypted.`,
        remedy: 'Use https, or leave out key where the server asks for none.',
      }
    }
  },
}
