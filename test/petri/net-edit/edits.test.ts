import { describe, expect, it } from 'vitest'
import { createArc, deleteArc, type ArcWords } from '../../../petri/net-edit/arc-edit.js'
import { mergePatch } from '../../../petri/net-edit/merge-patch.js'
import { createNet } from '../../../petri/net-edit/net-edit.js'
import { readNetText, writeNetText } from '../../../petri/net-edit/net-text.js'
import { createPlace, deletePlace } from '../../../petri/net-edit/place-edit.js'
import { repair } from '../../../petri/net-edit/repair.js'
import { createTransition, deleteTransition, setInscription } from '../../../petri/net-edit/transition-edit.js'
import type { JsonObject } from '../../../petri/json.js'

const FILE = 'nets/demo/sort.yaml'
const TEXT = `# what this net is for
apiVersion: agenticos.dev/v1
kind: Net
metadata: {name: sort}   # its name

places:
  todo:   # work to do
    category: task

  big: {category: task}
  spare: {category: context}

transitions:
  # the large ones
  large:
    kind: pass
    in:
      job:   {from: todo, where: '$.size >= 5'}   # five is large
    out:
      big: {}
layout: {spare: [1, 2], large: [3, 4]}
`
const net = readNetText(FILE, TEXT)
const arc = (words: { variable?: string; input?: JsonObject; output?: JsonObject } = {}): ArcWords => ({ variable: words.variable, input: words.input ?? {}, output: words.output ?? {} })
const at = (value: JsonObject, ...path: string[]): unknown => path.reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value)

describe('an edit of a net', () => {
  it('changes the lines of what it is about and no others', () => {
    const edited = createArc(createPlace(net, 'small', { title: 'Small ones' }), 'large', 'small', arc({ output: { emit: { size: '${job.size}' } } }))
    const text = writeNetText(FILE, edited, TEXT)
    const kept = text.split('\n').filter((line) => TEXT.split('\n').includes(line))
    expect(TEXT.split('\n').filter((line) => !kept.includes(line))).toEqual([])
    expect(readNetText(FILE, text)).toEqual(edited)
  })

  it('that is made again changes nothing, not a byte', () => {
    const script = (value: JsonObject): JsonObject => setInscription(
      createArc(createArc(createTransition(createPlace(createNet(value, 'sort', { title: 'Sorts' }), 'small', { category: 'learning' }), 'rest', 'pass', {}), 'todo', 'rest', arc({ input: { otherwise: true } })), 'rest', 'small', arc()),
      'rest', { patch: { title: 'All others' } })
    const text = writeNetText(FILE, script(net), TEXT)
    expect(writeNetText(FILE, script(readNetText(FILE, text)), text)).toBe(text)
  })

  it('begins a net where there is none', () => {
    const made = createTransition(createPlace(createNet(undefined, 'watch', { title: 'Watch' }), 'seen', {}), 'look', 'http', {})
    expect(made).toEqual({ apiVersion: 'agenticos.dev/v1', kind: 'Net', metadata: { name: 'watch', title: 'Watch' }, places: { seen: { category: 'task' } }, transitions: { look: { kind: 'http' } } })
    expect(readNetText('nets/demo/watch.yaml', writeNetText('nets/demo/watch.yaml', made))).toEqual(made)
  })

  it('names an input after its place where no variable is given', () => {
    const made = createPlace(createPlace(net, 'ssh-lines-2', {}), 'result', { category: 'context' })
    const edited = createArc(createArc(createArc(made, 'ssh-lines-2', 'large', arc()), 'result', 'large', arc()), '_failed', 'large', arc())
    expect(Object.keys(at(edited, 'transitions', 'large', 'in') as object)).toEqual(['job', 'sshLines2', 'resultToken', 'failed'])
  })

  it('sets the keys of the one input from a place, and makes a second where another variable is given', () => {
    const edited = createArc(net, 'todo', 'large', arc({ input: { take: 'all' } }))
    expect(at(edited, 'transitions', 'large', 'in')).toEqual({ job: { from: 'todo', where: '$.size >= 5', take: 'all' } })
    expect(Object.keys(at(createArc(net, 'todo', 'large', arc({ variable: 'other' })), 'transitions', 'large', 'in') as object)).toEqual(['job', 'other'])
  })

  it('makes a second output to a place where another `when` is given, and deletes it by that', () => {
    const edited = createArc(net, 'large', 'big', arc({ output: { when: 'error', emit: { code: '${error.code}' } } }))
    expect(at(edited, 'transitions', 'large', 'out', 'big')).toEqual([{}, { when: 'error', emit: { code: '${error.code}' } }])
    expect(deleteArc(edited, 'large', 'big', { when: 'error' })).toEqual({ net, deleted: ['large -> big (error)'] })
    expect(at(deleteArc(edited, 'large', 'big', {}).net, 'transitions', 'large', 'out')).toBeUndefined()
  })

  it('deletes an element with what layout says of it, and a place with its arcs only when told to', () => {
    expect(at(deletePlace(net, 'spare', false), 'layout')).toEqual({ large: [3, 4] })
    expect(() => deletePlace(net, 'todo', false)).toThrow(expect.objectContaining({ code: 'has-arcs', message: 'place todo has an arc: todo -> large (job)' }))
    expect(at(deletePlace(net, 'todo', true), 'transitions', 'large')).toEqual({ kind: 'pass', out: { big: {} } })
    expect(at(deleteTransition(net, 'large'), 'transitions')).toEqual({})
  })

  it('sets an inscription whole or by merge patch, and leaves arcs alone', () => {
    const whole = setInscription(net, 'large', { inscription: { kind: 'command', do: { argv: ['date'] }, timeout: '5s' } })
    expect(at(whole, 'transitions', 'large')).toEqual({ kind: 'command', in: { job: { from: 'todo', where: '$.size >= 5' } }, do: { argv: ['date'] }, out: { big: {} }, timeout: '5s' })
    const patched = setInscription(whole, 'large', { patch: { timeout: null, do: { argv: ['date', '-u'] }, retry: { attempts: 2 } } })
    expect(at(patched, 'transitions', 'large')).toEqual({ kind: 'command', in: { job: { from: 'todo', where: '$.size >= 5' } }, do: { argv: ['date', '-u'] }, out: { big: {} }, retry: { attempts: 2 } })
  })

  it.each<[string, () => unknown, string, RegExp]>([
    ['a name that is none', () => createPlace(net, 'Big Ones', {}), 'bad-name', /big-ones/],
    ['a name that a transition has', () => createPlace(net, 'large', {}), 'name-taken', /noun/],
    ['another kind for a transition', () => createTransition(net, 'large', 'http', {}), 'exists', /SET_INSCRIPTION/],
    ['an arc between two places', () => createArc(net, 'todo', 'big', arc()), 'wrong-arc', /transition between/],
    ['an arc to what is not there', () => createArc(net, 'tod', 'large', arc()), 'not-found', /did you mean todo/],
    ['words of an output on an input', () => createArc(net, 'todo', 'large', arc({ output: { emit: 1 } })), 'wrong-side', /place/],
    ['a variable on an output', () => createArc(net, 'large', 'big', arc({ variable: 'x' })), 'wrong-side', /only inputs/],
    ['a variable that is taken', () => createArc(net, 'big', 'large', arc({ variable: 'job' })), 'name-taken', /another variable/],
    ['an arc that is not there to delete', () => deleteArc(net, 'big', 'large', {}), 'not-found', /large -> big/],
    ['a transition that is not there', () => setInscription(net, 'larg', { patch: {} }), 'not-found', /large/],
    ['a transition without a kind', () => setInscription(net, 'large', { patch: { kind: null } }), 'no-kind', /pass, map/],
  ])('refuses %s, and says what to do', (_, edit, code, remedy) => {
    expect(edit).toThrow(expect.objectContaining({ code, remedy: expect.stringMatching(remedy) as string }))
  })

  it('reads a text that is no net only when it is a table', () => {
    expect(() => readNetText(FILE, 'a: [')).toThrow(expect.objectContaining({ code: 'unreadable' }))
    expect(() => readNetText(FILE, '- a')).toThrow(expect.objectContaining({ code: 'unreadable' }))
    expect(readNetText(FILE, 'kind: Net\nplaces: {a: {}}')).toEqual({ kind: 'Net', places: { a: {} } })
  })
})

describe('a net in PNML', () => {
  const path = 'nets/demo/sort.pnml'
  const text = writeNetText(path, net)

  it('is edited as PNML', () => {
    const edited = createArc(createPlace(readNetText(path, text), 'small', {}), 'large', 'small', arc())
    const after = writeNetText(path, edited, text)
    expect(after).toContain('<pnml')
    expect(readNetText(path, after)).toEqual(readNetText(path, writeNetText(path, readNetText(path, after))))
    expect(writeNetText(path, readNetText(path, after), after)).toBe(after)
  })

  it('is not left half finished: what it cannot say is refused', () => {
    expect(() => writeNetText(path, createTransition(readNetText(path, text), 'look', 'http', {}), text)).toThrow(expect.objectContaining({ code: 'not-in-pnml' }))
  })
})

describe('merge patch', () => {
  // the examples of RFC 7386, appendix A
  it.each<[unknown, unknown, unknown]>([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }], [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }], [{ a: 'b' }, { a: null }, {}], [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }], [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }], [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }], [['a', 'b'], ['c', 'd'], ['c', 'd']], [{ a: 'b' }, ['c'], ['c']], [{ a: 'foo' }, null, null], [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }], [[1, 2], { a: 'b', c: null }, { a: 'b' }], [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('of %j by %j is %j', (value, patch, result) => {
    expect(mergePatch(value as never, patch as never)).toEqual(result)
  })
})

describe('repair', () => {
  it('does what cannot change the meaning, and says what it did', () => {
    const broken = readNetText(FILE, `kind: Net
metadata: {name: other}
params: {limit: 3}
places:
  todo: {title: Work}
  done: {category: task, onDuplicate: ignore}
transitions:
  go:
    kind: pass
    timeout: 5s
    in: {job: todo}
    out:
      done: {when: otherwise}
      archive: {}
layout: {gone: [1, 2]}
`)
    const { net: mended, repairs } = repair(FILE, broken)
    expect(mended).toEqual({
      apiVersion: 'agenticos.dev/v1', kind: 'Net', metadata: { name: 'sort' },
      places: { todo: { category: 'task', title: 'Work' }, done: { category: 'task' }, archive: { category: 'task' } },
      transitions: { go: { kind: 'pass', in: { job: 'todo' }, out: { done: {}, archive: {} } } },
    })
    expect(repairs.map(({ code }) => code).sort()).toEqual(['dangling-arc', 'idle-key', 'idle-key', 'lone-otherwise', 'missing-key', 'missing-key', 'name-mismatch', 'unknown-layout', 'unused-param'])
    expect(repair(FILE, mended).repairs).toEqual([])
  })

  it('leaves what is most likely a slip, and what only the author can know', () => {
    const slip = createTransition(net, 'go', 'http', {})
    expect(repair(FILE, slip)).toEqual({ net: slip, repairs: [] })
    const near = setInscription(net, 'large', { patch: { out: { bigg: {} } } })
    expect(repair(FILE, near)).toEqual({ net: near, repairs: [] })
  })
})
