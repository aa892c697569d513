import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalText, canonicalValue } from '../../petri/canonical.js'
import type { Json } from '../../petri/json.js'
import { fill, isConstant, parseTemplate, resolve, type Roots, type Template, TemplateError, templatePaths, templateRoots } from '../../petri/template.js'
import { TEMPLATE_FUNCTIONS } from '../../petri/template/functions.js'
import { randomValue } from './arcql/random.js'

const DATA: Readonly<Record<string, Json>> = {
  hit: { ip: '10.0.0.1', count: 5, nothing: null, text: 'Ünï 😀', price: 1.1, 'odd key': 1, tags: ['b', 'a', 'b'], deep: { list: [{ n: 1 }, { n: 2 }] } },
  lines: [{ ip: 'b', n: 2, ok: true }, { ip: 'a', n: 1, ok: true }, { ip: 'b', n: 3, ok: false }],
  _hit: { id: '7-0', createdAt: '2026-01-31T08:30:00.000Z' },
  params: { limit: 3, list: [], text: '', big: 9007199254740991, proto: JSON.parse('{"__proto__": 1}') as Json },
}
const roots: Roots = (name) => (Object.hasOwn(DATA, name) ? DATA[name] : undefined)

function template(value: Json): Template {
  const parsed = parseTemplate(value)
  if (!parsed.ok) throw new Error(`${parsed.message}; ${parsed.remedy}`)
  return parsed.value
}

function failure(value: Json): TemplateError {
  try {
    fill(template(value), roots)
  } catch (error) {
    if (error instanceof TemplateError) return error
    throw error
  }
  throw new Error(`it was filled: ${JSON.stringify(fill(template(value), roots))}`)
}

describe('fill', () => {
  it.each<[Json, Json]>([
    ['${hit.count}', 5],
    ['${hit.nothing}', null],
    ['${hit}', DATA.hit!],
    ['${ hit . ip }'.replaceAll(' ', ''), '10.0.0.1'],
    ['${  hit.ip  |  upper  }', '10.0.0.1'],
    ['from ${hit.ip}: ${hit.count} of ${hit.tags} (${hit.nothing})', 'from 10.0.0.1: 5 of ["b","a","b"] (null)'],
    ['${hit.count} ', '5 '],
    ['$${hit.ip} $$${hit.ip} $ {} $', '${hit.ip} $${hit.ip} $ {} $'],
    ['costs $${hit.price}', 'costs ${hit.price}'],
    ['${hit["odd key"]}${hit.deep.list[1].n}', '12'],
    ['${_hit.id}', '7-0'],
    ['${params.proto["__proto__"]}', 1],
    [{ b: '${hit.ip}', a: [1, '${hit.count}', { c: null }] }, { a: [1, 5, { c: null }], b: '10.0.0.1' }],
    [{ '$${x}': 1 }, { '${x}': 1 }],
    ['plain', 'plain'],
    [17, 17],
  ])('%j gives %j', (value, expected) => {
    const filled = fill(template(value), roots)
    expect(filled).toEqual(expected)
    expect(resolve(template(value), roots)).toEqual(expected)
  })

  it('makes a key called __proto__ a key', () => {
    const filled = fill(template(JSON.parse('{"__proto__": "${hit.ip}", "a": {"__proto__": 1}}') as Json), roots)
    expect(canonicalText(filled)).toBe('{"__proto__":"10.0.0.1","a":{"__proto__":1}}')
  })

  it('gives any constant back, canonical, and knows that it is one', () => {
    fc.assert(fc.property(randomValue.filter((value) => !JSON.stringify(value).includes('$')), (value) => {
      const made = template(value)
      expect(isConstant(made)).toBe(true)
      expect(canonicalText(fill(made, roots))).toBe(canonicalText(value))
    }))
  })

  it('puts any value through unchanged', () => {
    fc.assert(fc.property(randomValue, (given) => {
      const value = canonicalValue(given)
      expect(fill(template({ a: '${x}', b: ['${x | json}', '${x | json | parse}'] }), () => value)).toEqual({ a: value, b: [canonicalText(value), value] })
    }))
  })
})

describe('a function', () => {
  it.each<[string, Json]>([
    ['hit.missing | default(0) | add(1)', 1], ['hit.nothing | default("x")', 'x'], ['hit.count | default(0)', 5], ['nobody.at.all | default(params.limit)', 3], ['params.text | default("x")', ''],
    ['hit | get("ip")', '10.0.0.1'], ['hit.tags | get(1)', 'a'], ['hit | get("no") | default(0)', 0], ['hit.tags | get(9) | default("none")', 'none'],
    ['hit.tags | json', '["b","a","b"]'], ['hit.tags | json | parse | first', 'b'],
    ['hit.text | lower', 'ünï 😀'], ['hit.text | upper', 'ÜNÏ 😀'], ['hit.text | length', 5], ['hit.text | slice(4)', '😀'], ['hit.text | slice(0, 2)', 'Ün'], ['hit.ip | slice(3, 99)', '0.0.1'],
    ['hit.text | split("ï")', ['Ün', ' 😀']], ['hit.text | slice(3) | split("")', [' ', '😀']], ['hit.text | slice(3) | trim', '😀'],
    ['hit.ip | replace(/[.]/, "-")', '10-0-0-1'], ['hit.ip | replace(/0/, "$1$&\\\\1")', '1$1$&\\1.$1$&\\1.$1$&\\1.1'], ['hit.ip | replace(/x*/, "-")', '-1-0-.-0-.-0-.-1-'],
    ['hit.ip | match(/(?<a>[0-9]+)[.](?P<b>x)?/)', { a: '10', b: null }], ['hit.ip | match(/x(?<a>.)/)', null], ['hit.ip | match(/(?<a>x)/) | default({"a": "?"})', { a: '?' }], ['hit.ip | match(/0/)', {}],
    ['hit.ip | matchAll(/(?<n>[0-9]+)/) | map($.n)', ['10', '0', '0', '1']], ['hit.ip | matchAll(/x/)', []], ['hit.ip | match(/a\\/b|(?<d>[.])/)', { d: '.' }],
    ['hit.text | urlencode', '%C3%9Cn%C3%AF%20%F0%9F%98%80'], ['hit.text | base64', 'w5xuw68g8J+YgA=='], ['params.text | base64', ''],
    ['_hit.createdAt | date("yyyy-MM-dd")', '2026-01-31'], ['_hit.createdAt | date("EEE d MMM yy, H:mm:ss.SSS \'at\' \'\'")', "Sat 31 Jan 26, 8:30:00.000 at '"], ['_hit.createdAt | date("EEEE, dd MMMM")', 'Saturday, 31 January'],
    ['_hit.createdAt | addDuration("5m")', '2026-01-31T08:35:00.000Z'], ['_hit.createdAt | addDuration("-1d")', '2026-01-30T08:30:00.000Z'],
    ['hit.tags | length', 3], ['hit.tags | first', 'b'], ['hit.tags | last', 'b'], ['params.list | first', null], ['params.list | last | default(0)', 0], ['hit.tags | slice(1)', ['a', 'b']], ['hit.tags | slice(0, 1)', ['b']],
    ['hit.tags | join(", ")', 'b, a, b'], ['lines | map($.n) | join("")', '213'], ['params.list | join("x")', ''],
    ['lines | map($.ip)', ['b', 'a', 'b']], ['lines | map(ip)', ['b', 'a', 'b']], ['lines | filter($.ip, "b") | map($.n)', [2, 3]], ['lines | filter($.ip, hit.tags[1]) | length', 1], ['lines | filter($.none, null)', []],
    ['hit.tags | sort', ['a', 'b', 'b']], ['hit.tags | sort("desc")', ['b', 'b', 'a']], ['lines | sort($.n) | map($.n)', [1, 2, 3]], ['lines | sort($.ip, "desc") | map($.n)', [2, 3, 1]], ['lines | sort($.none) | map($.n)', [2, 1, 3]],
    ['hit.tags | unique', ['b', 'a']], ['lines | unique($.ip) | map($.n)', [2, 1]], ['hit.tags | append(1) | append(hit.tags) | flatten', ['b', 'a', 'b', 1, 'b', 'a', 'b']],
    ['lines | group($.ip)', [{ key: 'b', items: [{ ip: 'b', n: 2, ok: true }, { ip: 'b', n: 3, ok: false }] }, { key: 'a', items: [{ ip: 'a', n: 1, ok: true }] }]],
    ['lines | sum($.n)', 6], ['lines | map($.n) | sum', 6], ['params.list | sum', 0], ['lines | map($.n) | min', 1], ['hit.tags | max', 'b'], ['params.list | min', null],
    ['lines | first | keys', ['ip', 'n', 'ok']], ['lines | first | merge(params) | keys', ['big', 'ip', 'limit', 'list', 'n', 'ok', 'proto', 'text']], ['lines | first | merge({"n": null})', { ip: 'b', n: null, ok: true }],
    ['lines | first | with("a", hit.count)', { a: 5, ip: 'b', n: 2, ok: true }], ['lines | first | without("ip", "none", "ok")', { n: 2 }], ['lines | first | pick("n", "none")', { n: 2 }],
    ['hit.count | add(1)', 6], ['hit.count | sub(0.9)', 4.1], ['hit.price | mul(10)', 11], ['hit.count | div(2)', 2.5], ['hit.count | div(3)', 1.66666666666667], ['hit.price | add(2.2)', 3.3], ['hit.price | sub(1)', 0.1],
    ['hit.price | round', 1], ['hit.count | div(3) | round(2)', 1.67], ['hit.count | min(3)', 3], ['hit.count | max(params.limit)', 5], ['params.big | sub(1)', 9007199254740990], ['hit.count | mul(-0)', 0],
  ])('%s gives %j', (text, expected) => {
    expect(fill(template(`\${${text}}`), roots)).toEqual(expected)
    // of canonical values it makes canonical values: nobody has to sort the keys again
    const filled = fill(template(`\${${text}}`), (name) => (Object.hasOwn(DATA, name) ? canonicalValue(DATA[name]!) : undefined))
    expect(JSON.stringify(filled)).toBe(canonicalText(filled))
  })
})

describe('a template that cannot be filled', () => {
  it.each<[Json, string, string]>([
    [{ a: { b: ['${hit.ipp}'] } }, '${hit.ipp} at a.b.0: hit has no "ipp"; it has ip, count, nothing, text, price, odd key, tags, deep', 'did you mean hit.ip? ${hit.ipp | default(...)} says what stands for it when it is missing'],
    ['${hit.tags[3]}', '${hit.tags[3]}: hit.tags has no [3]; it is a list of 3', '${hit.tags[3] | default(...)} says what stands for it when it is missing'],
    ['${hit.ip.x}', '${hit.ip.x}: hit.ip has no "x"; it is a text', '${hit.ip.x | default(...)} says what stands for it when it is missing'],
    ['${hit.nothing.x}', '${hit.nothing.x}: hit.nothing has no "x"; it is null', '${hit.nothing.x | default(...)} says what stands for it when it is missing'],
    ['${nobody.x}', '${nobody.x}: there is no "nobody" here', 'the roots are the input variables, _ and a variable for its _meta, params, and result, error, item or _firing where they exist'],
    ['${hit.constructor}', '${hit.constructor}: hit has no "constructor"; it has ip, count, nothing, text, price, odd key, tags, deep', '${hit.constructor | default(...)} says what stands for it when it is missing'],
    ['${hit.missing | upper}', '${hit.missing | upper}: hit has no "missing"; it has ip, count, nothing, text, price, odd key, tags, deep', '${hit.missing | default(...)} says what stands for it when it is missing'],
    ['${hit.ip | default(hit.x)}', '${hit.ip | default(hit.x)}: hit has no "x"; it has ip, count, nothing, text, price, odd key, tags, deep', '${hit.x | default(...)} says what stands for it when it is missing'],
    ['${hit.nothing | upper}', '${hit.nothing | upper}: upper takes a text, and null goes in', 'put default(...) before it for what may be null'],
    ['${hit.ip | add(1)}', '${hit.ip | add(1)}: add takes a number, and the text "10.0.0.1" goes in', 'it is used as add(n)'],
    ['${hit.count | add(hit.ip)}', '${hit.count | add(hit.ip)}: add takes a number as argument, not the text "10.0.0.1"', 'it is used as add(n)'],
    ['${hit.count | length}', '${hit.count | length}: length takes a text or a list, and the number 5 goes in', 'it is used as length'],
    ['${hit.count | div(0)}', '${hit.count | div(0)}: div divides by zero', 'ask for it first: a condition on the arc, or max(1)'],
    ['${params.big | add(1)}', '${params.big | add(1)}: add gives more than 2^53-1, which is no exact number any more', 'count in a larger unit'],
    ['${params.big | mul(0.5) | mul(4)}', '${params.big | mul(0.5) | mul(4)}: mul gives more than 2^53-1, which is no exact number any more', 'count in a larger unit'],
    ['${hit | get("no")}', '${hit | get("no")}: get finds nothing there', 'put default(...) behind it, or name one that is there'],
    ['${hit | get("no") | upper}', '${hit | get("no") | upper}: get finds nothing there', 'put default(...) behind it, or name one that is there'],
    ['${hit.ip | parse}', '${hit.ip | parse}: parse was given a text that is no JSON: 10.0. is no JSON number (at character 1)', 'write it as -12, 0.5 or 1e9'],
    ['${hit.ip | date("yyyy")}', '${hit.ip | date("yyyy")}: date takes a time, not "10.0.0.1"', 'a time is written as 2026-01-31T08:30:00Z, with its zone'],
    ['${_hit.createdAt | date("YYYY")}', '${_hit.createdAt | date("YYYY")}: date knows no field "YYYY"', "use yyyy yy MMMM MMM MM M dd d EEEE EEE HH H mm ss SSS T Z; other letters stand in single quotes"],
    ['${_hit.createdAt | addDuration("5 minutes")}', '${_hit.createdAt | addDuration("5 minutes")}: addDuration takes a duration, not "5 minutes"', 'write it as 500ms, 30s, 5m, 2h or 7d, with a minus sign to go back'],
    ['${lines | map($.nn)}', '${lines | map($.nn)}: map: element 0 has no $.nn; it has ip, n, ok', 'name a path that every element has'],
    ['${hit.tags | sum}', '${hit.tags | sum}: sum takes numbers, and element 0 is a text', 'filter the list before, or give the path to the number'],
    ['${hit.tags | sort("up")}', '${hit.tags | sort("up")}: sort knows no direction "up"', 'write "desc" or "asc"'],
    ['${hit.tags | append(1) | max}', '${hit.tags | append(1) | max}: max takes numbers or texts, and the list holds both', 'filter or map the list before'],
    ['${hit.count | min}', '${hit.count | min}: min of a number needs another number', 'write min(10)'],
    ['${hit.tags | slice(params.minus)}', '${hit.tags | slice(params.minus)}: params has no "minus"; it has limit, list, text, big, proto', '${params.minus | default(...)} says what stands for it when it is missing'],
  ])('%j says %s', (value, message, remedy) => {
    const error = failure(value)
    expect({ message: error.message, remedy: error.remedy }).toEqual({ message, remedy })
    expect(resolve(template(value), roots)).toBeUndefined()
  })

  it('ends before it fills the memory', () => {
    const long: Roots = () => 'a'.repeat(1_000_000)
    expect(() => fill(template('${x | replace(/a/, x)}'), long)).toThrow(/grows beyond 8 MiB/)
    expect(() => fill(template('${x | split("") | join(x)}'), long)).toThrow(/grows beyond 8 MiB/)
    expect(() => fill(template('${x}'.repeat(9_000)), long)).toThrow(/grows beyond 8 MiB/)
    expect(() => fill(template(`\${x${' | json'.repeat(60)}}`), () => '"')).toThrow(/grows beyond 8 MiB/)
  })
})

describe('parseTemplate', () => {
  it.each<[Json, string, string, number, (string | number)[]]>([
    [{ a: ['x ${hit.ip'] }, 'the template is not closed', 'end it with }', 10, ['a', 0]],
    ['${}', '"}" stands where a name is expected', 'begin with an input variable or another root, such as ${hit.ip} or ${params.limit}', 2, []],
    ['${$.ip}', '"$" stands where a name is expected', 'begin with an input variable or another root, such as ${hit.ip} or ${params.limit}', 2, []],
    ['${hit.ip | uper}', 'there is no function "uper"', 'did you mean upper?', 11, []],
    ['${hit.ip | eval("x")}', 'there is no function "eval"', `use one of ${[...TEMPLATE_FUNCTIONS.keys()].join(', ')}`, 11, []],
    ['${hit.ip | }', '"}" stands where a function is expected', 'a function follows the bar: ${x.name | upper}', 11, []],
    ['${hit ip}', '"ip" stands where | or } is expected', 'functions follow a bar, keys a dot: ${x.name | upper}; odd keys stand in brackets: x["odd key"]', 6, []],
    ['${hit.0}', '"0" is no key after the dot', 'write an index as [0] and a key of other signs as ["odd key"]', 6, []],
    ['${hit[-1]}', '"-" is neither index nor key', 'write [0] for an element (they count from 0) or ["odd key"]', 6, []],
    ['${hit.ip | split}', 'split needs an argument', 'it is used as split(sep)', 16, []],
    ['${hit.ip | upper(1)}', 'upper takes fewer arguments', 'it is used as upper', 17, []],
    ['${hit.count | add("1")}', 'add takes a number as argument, not the text "1"', 'it is used as add(n)', 18, []],
    ['${hit.ip | match("x")}', 'match takes a pattern, not "\\""', 'write it between slashes: match(/re/)', 17, []],
    ['${hit.ip | match(/(/)}', 'RE2 refuses the pattern /(/: missing closing ): `(`', 'write it in RE2 syntax; (?i) at the start ignores case, (?s) lets a dot match a line break', 17, []],
    ['${hit.ip | match(/a(?=b)/)}', 'RE2 refuses the pattern /a(?=b)/: invalid or unsupported Perl syntax: `(?=`', 'RE2 has no look-around: match more and check the rest with a second condition', 17, []],
    ['${hit.ip | match(/a/i)}', 'the pattern is followed by "i"', 'put flags inside: /(?i)a/', 20, []],
    ['${hit.tags | map("ip")}', 'map takes a path, not a text', 'name what it reads from each element: map($.ip)', 17, []],
    [{ '${x}': 1 }, 'the key "${x}" holds a template', 'keys are fixed names; write ${x | with(x.name, x.value)} for one that depends on data', 0, []],
  ])('refuses %j', (value, message, remedy, offset, at) => {
    expect(parseTemplate(value)).toEqual({ ok: false, message, remedy, offset, at })
  })

  it('refuses hostile texts with a sentence, at once', () => {
    for (const text of [`\${${'x.a'.repeat(100_000)}`, `\${x${'[0]'.repeat(100_000)}}`, `\${x${' | json'.repeat(100_000)}}`, `\${x | default(${'['.repeat(100_000)}`, '${x | match(/', `\${x | match(/${'a'.repeat(2_000)}/)}`]) {
      const parsed = parseTemplate(text)
      expect(parsed.ok).toBe(false)
    }
    expect(parseTemplate(JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) as Json)).toMatchObject({ ok: false, message: 'the template is nested over 64 levels' })
    const deep = JSON.parse('['.repeat(100) + '"${x}"' + ']'.repeat(100)) as Json
    expect(parseTemplate(deep)).toMatchObject({ ok: false, message: 'the template is nested over 64 levels' })
  })

  it('never throws and never gives what cannot be filled without a TemplateError', () => {
    const piece = fc.constantFrom('${', '}', 'hit', '.ip', '[0]', ' | ', 'default', '(', ')', '1', '"a"', ',', '/a/', '$', 'add', 'map', 'get', 'sort', 'with', 'x', '$.n', '\\', "'")
    fc.assert(fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const parsed = parseTemplate(`\${hit${pieces.join('')}`)
      if (!parsed.ok) return
      try {
        fill(parsed.value, roots)
      } catch (error) {
        expect(error).toBeInstanceOf(TemplateError)
      }
    }), { numRuns: 2_000 })
  })

  it('tells what a template reads', () => {
    const made = template({ a: ['${hit.ip | default(params.ip) | upper}'], b: '${seen.n} and ${_hit.id}' })
    expect([...templateRoots(made)]).toEqual(['hit', 'params', 'seen', '_hit'])
    expect(templatePaths(made)).toEqual([
      { root: 'hit', steps: ['ip'], optional: true, through: ['default', 'upper'], at: ['a', 0], text: 'hit.ip | default(params.ip) | upper' },
      { root: 'params', steps: ['ip'], optional: false, through: [], at: ['a', 0], text: 'hit.ip | default(params.ip) | upper' },
      { root: 'seen', steps: ['n'], optional: false, through: [], at: ['b'], text: 'seen.n' },
      { root: '_hit', steps: ['id'], optional: false, through: [], at: ['b'], text: '_hit.id' },
    ])
  })
})
