import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { costMicros, FREE, model, modelsFile, resolveModel, withFallbacks, type Models, type Price, type Usage } from '../../petri/models.js'
import { readModels } from '../../petri/models-read.js'
import { microsOf, usdText } from '../../petri/money.js'

const HEAD = 'apiVersion: agenticos.dev/v1\nkind: Models\n'
const read = (text: string) => readModels('models.yaml', HEAD + text)
function sound(text: string): Models {
  const { models, findings } = read(text)
  expect(findings).toEqual([])
  return models!
}
const told = (text: string): string[] => read(text).findings.map(({ level, code, line, column, message }) => `${level} ${code} ${line}:${column} ${message}`)

describe('models.yaml', () => {
  it('gives models with every default written out', () => {
    const models = sound(`models:
  mini: {provider: openai, url: 'https://api.openai.com/v1/', model: gpt-4o-mini, key: env:OPENAI_API_KEY, price: {input: 0.15, cached: 0.075, output: 0.60}, context: 128000, maxOutput: 16384, rate: 60/m, timeout: 90s, fallback: [small]}
  small: {provider: ollama, model: 'qwen3:4b', price: free, capabilities: [schema]}
  tiny: {provider: ollama, model: tiny, price: {input: 0.1, output: 0.2}, context: 1024}
  tape: {provider: replay, model: tape, price: free}
`)
    expect(models.default).toBe('mini')
    expect(models.models['mini']).toEqual({
      name: 'mini', provider: 'openai', url: 'https://api.openai.com/v1', model: 'gpt-4o-mini', key: 'env:OPENAI_API_KEY', price: { input: 150_000, cached: 75_000, output: 600_000 },
      context: 128_000, maxOutput: 16_384, rate: { limit: 60, window: 60_000 }, timeout: 90_000, fallback: ['small'], capabilities: ['tools', 'schema'],
    })
    expect(models.models['small']).toEqual({
      name: 'small', provider: 'ollama', url: 'http://127.0.0.1:11434', model: 'qwen3:4b', price: FREE, context: 8_192, maxOutput: 2_048, timeout: 120_000, fallback: [], capabilities: ['schema'],
    })
    expect(models.models['tiny']).toMatchObject({ price: { input: 100_000, cached: 100_000, output: 200_000 }, maxOutput: 256 })
    expect(models.models['tape']).toMatchObject({ url: '' })
  })

  it('names models by name, then tier, then default, and each fallback once', () => {
    const models = sound(`default: b\ntiers: {fast: a, thinking: c}\nmodels:\n${[['a', 'b, c'], ['b', 'c, a'], ['c', '']].map(([name, fallback]) => `  ${name}: {provider: ollama, model: x, price: free, fallback: [${fallback}]}\n`).join('')}`)
    expect([undefined, '', 'a', 'fast', 'thinking', 'd', 'constructor'].map((asked) => resolveModel(models, asked)?.name)).toEqual(['b', 'b', 'a', 'a', 'c', undefined, undefined])
    expect(withFallbacks(models, models.models['b']!).map(({ name }) => name)).toEqual(['b', 'c', 'a'])
  })

  it('may name none, and then none is the default', () => {
    expect(sound('models: {}\n')).toEqual({ tiers: {}, models: {} })
    expect(resolveModel({ tiers: {}, models: {} }, undefined)).toBeUndefined()
  })

  it('says where a reference leads nowhere, with the nearest name', () => {
    const { models, findings } = read('default: smal\ntiers: {fast: other}\nmodels:\n  small: {provider: ollama, model: x, price: free, fallback: [small, smoll]}\n')
    expect(models).toBeUndefined()
    expect(findings.map(({ line, column, message, remedy }) => `${line}:${column} ${message} ${remedy}`)).toEqual([
      '3:1 The default is smal, and there is no such model. Did you mean small?',
      '4:9 The tier fast is other, and there is no such model. Add other under models, or name one of those there.',
      '6:63 small falls back to itself. Name another model, or leave it out: failed calls are tried again anyway.',
      '6:70 A fallback of small is smoll, and there is no such model. Did you mean small?',
    ])
  })

  it('is refused with an unknown key, a price of seven decimals, a param, or a model of no provider', () => {
    expect(told('models: {a: {provider: ollama, model: x, prise: free}}\n')).toEqual(['error model-without-price 3:10 a has no price.', 'error unknown-key 3:42 models.a has no key "prise"'])
    expect(told('models: {a: {provider: ollama, model: x, price: {input: 0.1234567, output: 1}}}\n')).toEqual(['error bad-value 3:50 models.a.price.input must be US dollars with at most six decimals, and is 0.1234567'])
    expect(told('models: {a: {provider: ollama, model: x, price: free, context: "${params.c}"}}\n')).toEqual(['error bad-value 3:55 models.a.context must be a whole number from 512 to 100000000, and is "${params.c}"'])
    expect(told('models: {a: {provider: opnai, model: x, price: free}}\n')).toEqual(['error bad-value 3:14 models.a.provider must be one of openai, ollama, replay, and is "opnai"'])
  })

  it.each([
    ['provider: openai, model: x', 'a has no url.'], ['provider: replay, model: x, url: "http://a"', 'a is a recording, and nothing is called.'],
    ...['ftp://a.example', 'https://', 'https://a.example/v1?x=1', 'https://a.example/#x', 'https://u@a.example', 'a.example/v1', 'http://a.example:99999'].map((url) => [`provider: openai, model: x, url: "${url}"`, 'The url of a is not one of the form http(s)://host:port/path.']),
  ])('{%s} is refused: %s', (fields, message) => {
    const { models, findings } = read(`models: {a: {${fields}, price: free}}\n`)
    expect(models).toBeUndefined()
    expect(findings.map(({ code, message: said }) => [code, said])).toEqual([['model-url', message]])
  })

  it('warns of a key that would travel in the clear, but not on this machine', () => {
    const model = (url: string): string => `models: {a: {provider: openai, model: x, url: '${url}', key: env:KEY, price: free}}\n`
    expect(told(model('http://models.example/v1'))).toEqual(['warning model-url 3:42 The key of a would go to models.example unencrypted.'])
    expect(read(model('http://models.example/v1')).models).toBeDefined()
    for (const url of ['https://models.example/v1', 'http://127.0.0.1:8080/v1', 'http://localhost:8080', 'http://[::1]:1']) expect(told(model(url))).toEqual([])
  })

  it('never repeats what stands where a secret may stand', () => {
    const secret = 'sk-live-4242424242'
    for (const fields of [`key: ${secret}`, `apiKey: ${secret}`, `url: 'https://u:${secret}@a.example'`, `key: [${secret}]`]) {
      const { models, findings } = read(`models: {a: {provider: openai, ${fields.startsWith('url') ? '' : 'url: "https://a.example", '}model: x, price: free, ${fields}}}\n`)
      expect(models).toBeUndefined()
      expect(findings.length).toBeGreaterThan(0)
      expect(JSON.stringify(findings)).not.toContain(secret)
    }
  })
})

describe('docs/models.md', () => {
  const page = readFileSync(new URL('../../docs/models.md', import.meta.url), 'utf8')

  it('shows a file that is in order', () => {
    const { models, findings } = readModels('models.yaml', /```yaml\n([\s\S]*?)```/.exec(page)![1]!)
    expect(findings).toEqual([])
    expect(models).toMatchObject({ default: 'mini', tiers: { fast: 'small', thinking: 'mini' } })
  })

  it('has a row for every key, and none that is gone', () => {
    const file = page.slice(0, page.indexOf('\n## Providers'))
    const rows = [...file.matchAll(/^\| ((?:`[A-Za-z]+`(?:, )?)+) \|/gm)].flatMap(([, cells]) => [...cells!.matchAll(/`([A-Za-z]+)`/g)].map(([, key]) => key!))
    expect(rows.sort()).toEqual([...Object.keys(modelsFile.shape), ...Object.keys(model.shape)].sort())
  })
})

describe('money', () => {
  it('is read and written exactly', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 999_999_999_999_999 }), (micros) => {
      const text = usdText(micros)
      expect(text).toMatch(/^\d+\.\d{2,6}$/)
      expect(microsOf(text)).toBe(micros)
    }))
    // up to where a double tells amounts apart
    fc.assert(fc.property(fc.integer({ min: 0, max: 999_999_999_999_999 }), (micros) => { expect(microsOf(Number(usdText(micros)))).toBe(micros) }))
    expect([0, 0.000001, 0.15, 12, 0.1 + 0.2, 1e-7, 1e21, -1, Number.NaN].map(microsOf)).toEqual([0, 1, 150_000, 12_000_000, undefined, undefined, undefined, undefined, undefined])
    expect([0, 1, 25, 1_980_000, 12_345_678, -1_500_000].map(usdText)).toEqual(['0.00', '0.000001', '0.000025', '1.98', '12.345678', '-1.50'])
  })

  const price: fc.Arbitrary<Price> = fc.record({ input: fc.integer({ min: 0, max: 1e12 }), cached: fc.integer({ min: 0, max: 1e12 }), output: fc.integer({ min: 0, max: 1e12 }) })
  const usage: fc.Arbitrary<Usage> = fc.record({ input: fc.nat(1_000_000), cached: fc.nat(1_000_000), output: fc.nat(1_000_000) })

  it('of a call is the exact sum in rational numbers, rounded up to a whole micro-dollar', () => {
    fc.assert(fc.property(price, usage, (costs, used) => {
      const cached = Math.min(used.cached, used.input)
      const millionths = BigInt(used.input - cached) * BigInt(costs.input) + BigInt(cached) * BigInt(costs.cached) + BigInt(used.output) * BigInt(costs.output)
      const micros = BigInt(costMicros(costs, used))
      expect(micros * 1_000_000n >= millionths && (micros - 1n) * 1_000_000n < millionths).toBe(true)
    }))
  })

  it('of a call is never more than what its most tokens cost, where cached input is not dearer', () => {
    fc.assert(fc.property(price, usage, fc.nat(1_000), fc.nat(1_000), (costs, most, less, fewer) => {
      const sane = { ...costs, cached: Math.min(costs.cached, costs.input) }
      const used = { input: Math.max(0, most.input - less), cached: most.cached, output: Math.max(0, most.output - fewer) }
      expect(costMicros(sane, used)).toBeLessThanOrEqual(costMicros(sane, { input: most.input, cached: 0, output: most.output }))
    }))
  })

  it('is what is on the bill: a million tokens of input at 0.15 are fifteen cents', () => {
    const models = sound('models: {a: {provider: ollama, model: x, price: {input: 0.15, cached: 0.075, output: 0.60}}}\n')
    const { price: costs } = models.models['a']!
    expect(costMicros(costs, { input: 1_000_000, cached: 0, output: 0 })).toBe(150_000)
    expect(costMicros(costs, { input: 1_000_000, cached: 1_000_000, output: 1_000_000 })).toBe(675_000)
    expect(costMicros(costs, { input: 1, cached: 0, output: 0 })).toBe(1)
    expect(costMicros(FREE, { input: 9, cached: 0, output: 9 })).toBe(0)
  })
})
