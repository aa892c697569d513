import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../petri/json.js'
import { effectRequest, type HttpRequest } from '../../../petri/kinds/request.js'
import { effectRequest as wire } from '../../../protocol/effect.js'
import { arbitraryText } from '../../support/arbitrary-json.js'

const params = { base: 'https://api.example.org/v1', path: 'a/b', n: 5 }

function request(action: JsonObject, data: Json = {}): HttpRequest {
  const whole = { method: 'GET', headers: {}, query: {}, expect: ['2xx'], maxBytes: 1000, ...action }
  const roots = (name: string): Json | undefined => (name === 'x' ? data : name === 'params' ? params : undefined)
  const made = effectRequest({ kind: 'http', name: 't', action: whole } as never, roots)
  expect(wire.parse(made)).toEqual(made)
  return made as HttpRequest
}

describe('the URL of a request', () => {
  test.each([
    ['https://h.example/users/${x.id}', 'a b/c?d#e', 'https://h.example/users/a%20b%2Fc%3Fd%23e'],
    ['https://h.example/users/${x.id}.json', '..', 'https://h.example/users/...json'],
    ['https://h.example/s?q=${x.id}&n=1', 'a&n=2', 'https://h.example/s?q=a%26n%3D2&n=1'],
    ['https://h.example/${x.id}/${x.id}', 7, 'https://h.example/7/7'],
    ['${params.base}/users/${x.id}', 'me', 'https://api.example.org/v1/users/me'],
    ['https://h.example/${params.path}/${x.id}', 'c', 'https://h.example/a/b/c'],
    ['${x.id}', 'https://other.example/a?b=c#d', 'https://other.example/a?b=c#d'],
    ['https://h.example/$${literal}/é', null, 'https://h.example/${literal}/é'],
  ])('%s with %j is %s', (url, id, made) => {
    expect(request({ url }, { id }).url).toBe(made)
  })

  test.each([
    ['https://${x.id}/', 'evil.example', 'data stands before the end of the host'],
    ['https://h.example${x.id}', '.evil.example/', 'data stands before the end of the host'],
    ['${x.id}/users', 'https://evil.example', 'data stands before the end of the host'],
    ['https://h.example/${x.id}/keys', '..', 'makes the path segment ".."'],
    ['https://h.example/${x.id}/keys', '.', 'makes the path segment "."'],
    ['https://h.example/.${x.id}/keys', '.', 'makes the path segment ".."'],
    ['https://h.example/${x.id}/keys', '%2e%2E', undefined],
    ['https://h.example/users/${x.id}', '', 'an empty value would make another path'],
    ['${x.id}', 'file:///etc/passwd', 'a request goes over https or http'],
    ['${x.id}', 'https://user:pw@h.example/', 'with a user part'],
    ['${x.id}', 'not a url', 'which is no URL'],
    ['${x.id}', 'https://h.example\\@evil.example/', 'which is no URL'],
    ['${x.id}', { a: 1 }, 'which is no URL'],
  ])('%s with %j is refused or harmless', (url, id, message) => {
    if (message === undefined) expect(request({ url }, { id }).url).toBe('https://h.example/%252e%252E/keys')
    else expect(() => request({ url }, { id })).toThrow(message)
  })

  test('whatever the data, host and path stay where the text put them', () => {
    fc.assert(fc.property(arbitraryText.filter((text) => text !== '' && text !== '.' && text !== '..'), (id) => {
      const { url } = request({ url: 'https://h.example/a/${x.id}/b?q=${x.id}' }, { id })
      const parsed = new URL(url)
      expect([parsed.host, parsed.pathname.split('/').length, parsed.hash, parsed.username]).toEqual(['h.example', 4, '', ''])
      expect(decodeURIComponent(parsed.pathname.split('/')[2]!)).toBe(id)
      expect(parsed.searchParams.get('q')).toBe(id)
    }))
  })
})

describe('headers, query and bodies', () => {
  test('texts go in bare, other values as canonical JSON, lists repeat, null leaves a field out', () => {
    const { query, form, headers } = request({
      url: 'https://h.example/', query: { a: '${x.list}', b: [1, '${x.text}'], c: '${x.none}', d: true, e: 'n=${x.object}' }, form: { f: '${x.text}' }, headers: { 'X-Text': '${x.text}', 'X-None': '${x.none}' },
    }, { list: ['p', 2], text: 't', none: null, object: { b: 1, a: 2 } })
    expect(query).toEqual([['a', 'p'], ['a', '2'], ['b', '1'], ['b', 't'], ['d', 'true'], ['e', 'n={"a":2,"b":1}']])
    expect(form).toEqual([['f', 't']])
    expect(headers).toEqual({ 'X-Text': 't' })
  })

  test('a JSON body keeps its types', () => {
    expect(request({ url: 'https://h.example/', method: 'POST', json: { n: '${x.n}', t: 'n is ${x.n}' } }, { n: 5 }).json).toEqual({ n: 5, t: 'n is 5' })
  })

  test('a credential stays a hole for the executor, with the data around it', () => {
    const { headers, query, form } = request({
      url: 'https://h.example/', headers: { Authorization: 'Bearer ${credentials.API}', Basic: 'Basic ${credentials.LOGIN | base64}' }, query: { key: '${credentials.API}' }, form: { user: '${x.user}:${credentials.PASSWORD}' },
    }, { user: '${credentials.API}' })
    expect(headers).toEqual({
      Authorization: { parts: ['Bearer ', { credential: 'API', base64: false }] },
      Basic: { parts: ['Basic ', { credential: 'LOGIN', base64: true }] },
    })
    expect(query).toEqual([['key', { parts: [{ credential: 'API', base64: false }] }]])
    expect(form).toEqual([['user', { parts: ['${credentials.API}', ':', { credential: 'PASSWORD', base64: false }] }]])
  })

  test.each([
    ['a credential in the URL', { url: 'https://h.example/${credentials.API}' }, /stands where it could be seen/],
    ['a credential through another function', { url: 'https://h.example/', headers: { a: '${credentials.API | upper}' } }, /at most base64/],
    ['a credential as an argument', { url: 'https://h.example/', headers: { a: '${x.a | default(credentials.API)}' } }, /no \${credentials.NAME}/],
    ['all credentials', { url: 'https://h.example/', headers: { a: '${credentials}' } }, /no \${credentials.NAME}/],
    ['a line end in a header', { url: 'https://h.example/', headers: { a: '${x.line}' } }, /holds a line end/],
    ['a header name that is none', { url: 'https://h.example/', headers: { 'a b': '1' } }, /no name of a header/],
    ['a header given twice', { url: 'https://h.example/', headers: { a: '1', A: '2' } }, /given twice/],
    ['a path that leads nowhere', { url: 'https://h.example/${x.nothing}' }, /nothing/],
  ])('%s fails the firing', (_, action, message) => {
    expect(() => request(action, { line: 'a\r\nHost: evil' })).toThrow(message)
  })
})
