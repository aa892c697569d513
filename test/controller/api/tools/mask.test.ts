import { describe, expect, it } from 'vitest'
import { masked } from '../../../../controller/api/tools/mask.js'

describe('a call’s input in an event', () => {
  it('shows nothing that stands under the name of a secret, at any level', () => {
    const mark = 'MARK-4711'
    const input = { data: { password: mark, api_key: mark, 'X-Api-Key': mark, clientSecret: mark, accessToken: mark, key: mark, nested: [{ Authorization: mark, Cookie: { a: mark } }], private_key: mark }, headers: { authorization: `Bearer ${mark}` } }
    expect(JSON.stringify(masked(input))).not.toContain(mark)
  })

  it('shows no bearer, key or user of an address that stands in a text', () => {
    const text = 'GET https://me:MARK-1@host/a?api_key=MARK-2&n=1#x with Bearer MARK-3-abcdefgh and ant_abc_MARK4MARK4MARK4MARK4MARK4 or sk-MARK5MARK5MARK5MARK5'
    expect(masked({ text })).toEqual({ text: 'GET https://***@host/a?api_key=***&n=1#x with *** and *** or ***' })
  })

  it('keeps what is no secret: token ids, keys of other names, counts', () => {
    const input = { token: '1234-0', reason: 'a keyboard', data: { monkey: 1, tokens: 5, keyboard: 'x', note: null, ok: true } }
    expect(masked(input)).toEqual(input)
  })

  it('cuts long texts, long lists and deep values, and says so', () => {
    const deep = Array.from({ length: 40 }).reduce<object>((inner) => ({ inner }), {})
    const told = masked({ text: 'x'.repeat(5_000), list: Array.from({ length: 300 }, (_, nth) => nth), deep } as never) as { text: string; list: unknown[] }
    expect(told.text).toBe(`${'x'.repeat(2_000)}… [cut: 3000 more characters]`)
    expect(told.list.at(-1)).toBe('… [cut: 200 more]')
    expect(JSON.stringify(told)).toContain('deeper levels')
  })
})
