import fc from 'fast-check'

/** Nets that run: small values, guards, joins, weights, reads, inhibitors, choices, capacities; every loop ends by limits.depth. */
export interface RunningNet {
  /** without apiVersion, kind and metadata */
  readonly text: string
  readonly puts: readonly { readonly place: string; readonly value: { readonly v: number } }[]
}

const PLACES = ['p0', 'p1', 'p2'] as const
const place = fc.constantFrom(...PLACES)
const value = fc.nat(3)

const condition = (earlier: readonly string[]): fc.Arbitrary<string | undefined> => fc.oneof(
  { weight: 5, arbitrary: fc.constant(undefined) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('<', '>=', '==', '!='), value).map(([operator, n]) => `$.v ${operator} ${n}`) },
  ...(earlier.length === 0 ? [] : [{ weight: 3, arbitrary: fc.tuple(fc.constantFrom(...earlier), fc.constantFrom('==', '==', '<')).map(([name, operator]) => `$.v ${operator} \${${name}.v}`) }]),
)

function input(index: number, singles: readonly string[]): fc.Arbitrary<Record<string, unknown>> {
  return fc.record({
    from: place,
    where: condition(singles),
    form: index === 0 ? fc.constant('one') : fc.constantFrom('one', 'one', 'read', 'inhibit', 'optional', 'two', 'upTo', 'all'),
  }).map(({ from, where, form }) => ({
    from,
    ...(where === undefined ? {} : { where }),
    ...(form === 'read' ? { mode: 'read' } : form === 'inhibit' ? { mode: 'inhibit' } : form === 'optional' ? { optional: true } : form === 'two' ? { take: 2 } : form === 'upTo' ? { take: { upTo: 2 } } : form === 'all' ? { take: 'all' } : {}),
  }))
}

const kind = fc.constantFrom('map', 'map', 'map', 'command')

const transition = fc.tuple(kind, input(0, []), fc.option(input(1, ['a'])), fc.option(input(2, ['a'])), fc.array(place, { minLength: 1, maxLength: 2 }), fc.constantFrom('same', 'less', 'constant', 'routed'), value)
  .map(([chosen, a, b, c, targets, emit, n]) => {
    const data = emit === 'less' ? { v: '${a.v | sub(1) | max(0)}' } : emit === 'constant' ? { v: n } : { v: '${a.v}' }
    const out: Record<string, unknown> = {}
    for (const [index, target] of targets.entries()) {
      out[target] = chosen === 'command' ? { emit: data } : emit === 'routed' && index === 0 ? { when: `$.v > ${n}` } : emit === 'routed' ? { when: 'otherwise' } : {}
    }
    return {
      kind: chosen,
      in: { a, ...(b === null ? {} : { b }), ...(c === null ? {} : { c }) },
      ...(chosen === 'map' ? { do: { template: data } } : { do: { argv: ['true'] }, retry: { attempts: 2, backoff: '1ms..2ms' }, concurrency: 2 }),
      out,
    }
  })

export const arbitraryRunningNet: fc.Arbitrary<RunningNet> = fc.record({
  transitions: fc.array(transition, { minLength: 2, maxLength: 4 }),
  capacities: fc.tuple(...PLACES.map(() => fc.option(fc.integer({ min: 2, max: 6 }), { freq: 6 }))),
  puts: fc.array(fc.record({ place, value: fc.record({ v: value }) }), { minLength: 4, maxLength: 16 }),
}).map(({ transitions, capacities, puts }) => ({
  text: [
    `places: ${JSON.stringify(Object.fromEntries(PLACES.map((name, index) => [name, { category: 'task', ...(capacities[index] === null ? {} : { capacity: capacities[index] }) }])))}`,
    `transitions: ${JSON.stringify(Object.fromEntries(transitions.map((one, index) => [`t${index}`, one])))}`,
  ].join('\n'),
  puts,
}))
