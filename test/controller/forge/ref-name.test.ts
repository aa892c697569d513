import { describe, expect, it } from 'vitest'
import { isBranch, isName, isObjectId } from '../../../controller/forge/ref-name.js'

describe('the name of a branch', () => {
  it.each(['main', 'feature/x', 'a', 'fix-1.2', 'überall', 'a@b', 'x/y/z'])('may be %s', (name) => expect(isBranch(name)).toBe(true))

  it.each([
    '', '-x', '--upload-pack=touch /tmp/x', '--orphan', '../main', 'a/../b', 'a..b', '/a', 'a/', 'a//b', '.a', 'a/.b', 'a.lock', 'a.lock/b', 'a.', 'a b', 'a\tb', 'a\nb',
    'a\0b', 'a~1', 'a^', 'a:b', 'a?', 'a*', 'a[b', 'a\\b', '@', 'a@{1}', 'x'.repeat(201),
  ])('may not be %j', (name) => expect(isBranch(name)).toBe(false))
})

it('takes only whole object ids', () => {
  expect(isObjectId('a'.repeat(40))).toBe(true)
  for (const id of ['', 'HEAD', 'a'.repeat(39), 'A'.repeat(40), `${'a'.repeat(40)}\n`, `-${'a'.repeat(39)}`]) expect(isObjectId(id)).toBe(false)
})

it('takes only names of the net language for sessions and scratches', () => {
  expect(isName('ssh-watch')).toBe(true)
  for (const name of ['', 'Ssh', '1a', 'a_b', 'a/b', '..', 'a'.repeat(64), 'a\n']) expect(isName(name)).toBe(false)
})
