import fc from 'fast-check'
import { expect, it } from 'vitest'
import { nearest } from '../../petri/nearest.js'

it.each([
  ['lins', 'lines'], ['linse', 'lines'], ['LINES', 'lines'], ['lnies', 'lines'], ['failled-login', 'failed-login'], ['ab', 'abc'],
])('takes %s for %s', (name, meant) => {
  expect(nearest(name, ['failed-login', 'lines', 'abc', 'rest'])).toBe(meant)
})

it.each(['zebra', 'b', '', 'restaurant'])('takes %j for nothing that is known', (name) => {
  expect(nearest(name, ['lines', 'a', 'rest'])).toBeUndefined()
})

it('prefers the name that needs fewer slips, and of equal ones the first', () => {
  expect(nearest('count', ['counts', 'mount', 'county'])).toBe('counts')
  expect(nearest('counter', ['encounter', 'counters'])).toBe('counters')
})

it('finds a name again from which one letter is gone', () => {
  fc.assert(fc.property(fc.stringMatching(/^[a-z]{4,20}$/), fc.nat(), (name, at) => {
    const index = at % name.length
    expect(nearest(name.slice(0, index) + name.slice(index + 1), ['1234567', name])).toBe(name)
  }))
})
