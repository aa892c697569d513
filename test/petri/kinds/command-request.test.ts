import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../petri/json.js'
import { effectRequest, type CommandRequest } from '../../../petri/kinds/request.js'
import { RequestFault } from '../../../petri/kinds/request-fault.js'
import { effectRequest as wire } from '../../../protocol/effect.js'
import { arbitraryText } from '../../support/arbitrary-json.js'

function request(action: JsonObject, data: Json = {}): CommandRequest {
  const whole = { env: {}, expect: [0], maxBytes: 1000, ...action }
  const roots = (name: string): Json | undefined => (name === 'x' ? data : name === 'params' ? { option: '-c' } : undefined)
  const made = effectRequest({ kind: 'command', name: 't', action: whole } as never, roots)
  expect(wire.parse(made)).toEqual(made)
  return made as CommandRequest
}

describe('a command is made of words, never of spliced text', () => {
  test('each value is one word, whatever it holds', () => {
    expect(request({ argv: ['grep', '-c', '--regexp=${x.pattern}', 'app.log', 3, true] }, { pattern: '$(rm -rf /); "a b" | c' }).argv)
      .toEqual(['grep', '-c', '--regexp=$(rm -rf /); "a b" | c', 'app.log', '3', 'true'])
    expect(request({ argv: ['jq', '.', '${x.object}'] }, { object: { b: 1, a: [2] } }).argv).toEqual(['jq', '.', '{"a":[2],"b":1}'])
  })

  test('whatever the data, a command has as many words as it was written with, and none became an option', () => {
    fc.assert(fc.property(arbitraryText, (value) => {
      const made = ((): string[] | undefined => {
        try {
          return request({ argv: ['grep', '${x.v}', '--', '${x.v}', 'a${x.v}'] }, { v: value }).argv
        } catch (error) {
          expect(error).toBeInstanceOf(RequestFault)
          expect((error as RequestFault).code).toBe('option-injection')
          expect(value.startsWith('-')).toBe(true)
          return undefined
        }
      })()
      if (made) expect(made).toEqual(['grep', value, '--', value, `a${value}`])
    }))
  })

  test.each([
    [['grep', '${x.v}'], 'option-injection'],
    [['grep', '${x.empty}${x.v}'], 'option-injection'],
    [['${x.v}'], 'option-injection'],
    [['grep', '${x.v | slice(0)}', '--'], 'option-injection'],
    [['grep', '--', '${x.v}'], undefined],
    [['grep', '-e${x.v}'], undefined],
    [['grep', '${params.option}'], undefined],
    [['grep', '$${x}'], undefined],
  ])('%j with a value that begins with a dash: %s', (argv, code) => {
    const make = (): unknown => request({ argv }, { v: '--include=/etc/passwd', empty: '' })
    if (code === undefined) expect(make).not.toThrow()
    else expect(make).toThrow(expect.objectContaining({ code }))
  })

  test('each stage of a pipeline is guarded by itself', () => {
    const action = { pipeline: [['grep', '--', '${x.v}'], ['head', '${x.v}']], allow: { grep: ['-c'], head: null } }
    expect(() => request(action, { v: '-n5' })).toThrow(expect.objectContaining({ code: 'option-injection' }))
    expect(request(action, { v: 'a' })).toMatchObject({ pipeline: [['grep', '--', 'a'], ['head', 'a']], allow: { grep: ['-c'], head: null } })
  })

  test('a script is the same text whatever was bound; values go through env', () => {
    expect(request({ script: 'echo "$V" "$${HOME}"', env: { V: '${x.v}', N: 5 } }, { v: '"; rm -rf /' })).toMatchObject({ script: 'echo "$V" "${HOME}"', env: { V: '"; rm -rf /', N: '5' } })
    expect(() => request({ script: 'echo ${x.v}' }, { v: 1 })).toThrow(expect.objectContaining({ code: 'script-has-template' }))
  })

  test('dir, stdin and workspace are filled; what is not written is not asked for', () => {
    expect(request({ argv: ['cat'], dir: '${x.d}', stdin: '${x.o}', workspace: 'w-${x.d}' }, { d: 'sub', o: { a: 1 } })).toEqual({
      kind: 'command', argv: ['cat'], env: {}, dir: 'sub', stdin: '{"a":1}', workspace: 'w-sub', expect: [0], maxBytes: 1000,
    })
  })

  test('a credential in the text of a command fails the firing', () => {
    expect(() => request({ argv: ['curl', '${credentials.API}'] })).toThrow('there is no "credentials" here')
  })

  test('a key __proto__ in what is asked for is a word like every other', () => {
    expect(request({ argv: ['jq', '${x}'] }, JSON.parse('{"__proto__": {"a": 1}}') as Json).argv).toEqual(['jq', '{"__proto__":{"a":1}}'])
  })
})
