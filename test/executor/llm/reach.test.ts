import { expect, test } from 'vitest'
import { readConfig } from '../../../executor/config.js'
import { modelReach } from '../../../executor/llm/reach.js'

const judge = (url: string, settings: Readonly<Record<string, string>> = {}) => {
  const { egress } = modelReach(readConfig({ AGENTICOS_URL: 'http://127.0.0.1:1', HOME: '/tmp', ...settings }))
  return () => egress.judge(new URL(url))
}

test('models are called at public hosts over https', () => {
  expect(judge('https://93.184.216.34/v1')).not.toThrow()
  expect(judge('http://93.184.216.34/v1')).toThrow('allow http://93.184.216.34 in AGENTICOS_EXECUTOR_MODEL_HOSTS')
  expect(judge('https://127.0.0.1/v1')).toThrow('AGENTICOS_EXECUTOR_MODEL_HOSTS')
})

test('a private host is called where the setting of models names it, not where that of nets does', () => {
  expect(judge('http://10.1.2.3:8000/v1', { AGENTICOS_EXECUTOR_MODEL_HOSTS: 'http://10.0.0.0/8:8000' })).not.toThrow()
  expect(judge('http://10.1.2.3:8001/v1', { AGENTICOS_EXECUTOR_MODEL_HOSTS: 'http://10.0.0.0/8:8000' })).toThrow('10.1.2.3')
  expect(judge('http://10.1.2.3:8000/v1', { AGENTICOS_EGRESS_ALLOW: 'http://10.0.0.0/8' })).toThrow('AGENTICOS_EXECUTOR_MODEL_HOSTS')
})

test('where only some hosts may be called, models are no exception', () => {
  const only = { AGENTICOS_EGRESS_HOSTS: 'api.example.com' }
  expect(judge('https://api.openai.com/v1', only)).toThrow('AGENTICOS_EGRESS_HOSTS')
  expect(judge('https://api.example.com/v1', only)).not.toThrow()
  expect(judge('http://127.0.0.1:11434', { ...only, AGENTICOS_EXECUTOR_MODEL_HOSTS: 'http://127.0.0.1' })).not.toThrow()
})

test('a host that is none is named with its setting', () => {
  expect(() => judge('https://a.example', { AGENTICOS_EXECUTOR_MODEL_HOSTS: 'http://model.local/8' })).toThrow('AGENTICOS_EXECUTOR_MODEL_HOSTS: "http://model.local/8" has a prefix length but no address')
})
