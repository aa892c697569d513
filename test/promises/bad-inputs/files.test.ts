// Promise G, files: what a change may bring, and the errors with which a controller refuses it. Every code of docs/errors.md that a
// single file can have stands here at least once; those that need a git client are in pushes.test.ts, the doctor's own in docs/doctor.md.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packageRoot } from '../../../controller/package-root.js'
import { API } from '../../../protocol/api.js'
import { startAttacked, unharmed, type Attacked } from '../../support/attacked.js'

let river: Attacked
beforeAll(async () => { river = await startAttacked() })
afterAll(() => unharmed(river))

const NET = 'apiVersion: agenticos.dev/v1\nkind: Net\nmetadata: {name: m}\n'
const SESSION = 'apiVersion: agenticos.dev/v1\nkind: Session\nmetadata: {name: bad}\n'
const P = 'places: {a: {category: task}, b: {category: task}}\n'
const step = (text: string): string => `${NET}${P}transitions:\n  t: {${text}}\n`
const PT = 'http://www.pnml.org/version-2009/grammar/ptnet'
const pnml = (body: string, type = PT): string => `<pnml xmlns="http://www.pnml.org/version-2009/grammar/pnml"><net id="m" type="${type}"><page id="g">\n${body}\n</page></net></pnml>`

/** What it is, the text of nets/bad/m.yaml, then `line:column code: message => remedy`. */
const YAML: readonly (readonly [string, string, string])[] = [
  ['an empty file', '', '1:1 bad-value: the file is not a table of keys => begin with apiVersion, kind and metadata'],
  ['a word', 'hello', '1:1 bad-value: the file is not a table of keys => begin with apiVersion, kind and metadata'],
  ['half a list', 'kind: [', '1:8 yaml-syntax: Flow sequence in block collection must be sufficiently indented and end with a ] => see yaml.org/spec/1.2.2, or quote the text'],
  ['a tab for an indentation', `${NET}places:\n\ta: 1\n`, '5:1 yaml-syntax: Tabs are not allowed as indentation => see yaml.org/spec/1.2.2, or quote the text'],
  ['two documents', `${NET}---\n${NET}`, '4:1 several-documents: the file holds a second document => put each into a file of its own'],
  ['no kind', 'apiVersion: agenticos.dev/v1\n', '1:1 missing-key: the file has no "kind" => add kind: Net or Session'],
  ['a kind that is nearly one', NET.replace('Net', 'Nett'), '2:1 unknown-kind: kind "Nett" is not known here => did you mean "Net"?'],
  ['a version to come', NET.replace('v1', 'v2'), '1:1 bad-value: apiVersion must be agenticos.dev/v1, and is "agenticos.dev/v2" => did you mean "agenticos.dev/v1"?'],
  ['no name', NET.replace('{name: m}', '{}'), '3:1 missing-key: metadata has no "name" => add name; it must be a name'],
  ['the name of another file', `${NET.replace('name: m', 'name: other')}${P}`, '3:12 name-mismatch: The net is called other but its file m.yaml. => Rename the file to other.yaml, or set metadata.name to m.'],
  ['a session where a net goes', SESSION.replace('bad', 'm'), '1:1 wrong-kind: nets/bad/m.yaml holds a Session, and a file of this name holds a Net => Put what describes the session into session.yaml.'],
  ['a key that is nearly one', `${NET}plases: {}\n`, '4:1 unknown-key: the file has no key "plases" => did you mean "places"? the keys here are apiVersion, kind, metadata, params, places, transitions, budget, layout, foreign'],
  ['a key twice', `${NET}title: x\ntitle: y\n`, '5:1 duplicate-key: the key "title" stands twice => keep one of the two'],
  ['a place called Raw', `${NET}places: {Raw: {category: task}}\n`, '4:10 bad-name: places.Raw: "Raw" must be a name: a-z, then a-z, 0-9 and -, at most 63 => rename it'],
  ['a place called __proto__', `${NET}places: {__proto__: {category: task}}\n`, '4:10 bad-name: places: "__proto__" is no name => rename it'],
  ['a place and a transition of one name', `${NET}places: {t: {category: task}}\ntransitions: {t: {kind: pass, in: {x: t}, out: {t: {}}}}\n`, '5:15 name-clash: t is the name of a place and of a transition. => Rename one of them: a noun for the place, a verb for the transition.'],
  ['a category that is nearly one', `${NET}places: {a: {category: tsk}}\n`, '4:14 bad-value: places.a.category must be one of task, context, tool, learning, or a whole ${params.name}, and is "tsk" => did you mean "task"?'],
  ['a capacity of 0', `${NET}places: {a: {category: task, capacity: 0}}\n`, '4:30 bad-value: places.a.capacity must be at least 1, and is 0 => change it: docs/net-files.md says what each key takes'],
  ['a duration in words', `${NET}places: {a: {category: task, ttl: an hour}}\n`, '4:30 bad-value: places.a.ttl must be a duration such as 500ms, 30s, 5m, 2h or 7d, or a whole ${params.name}, and is "an hour" => change it: docs/net-files.md says what each key takes'],
  ['a schema that is none', `${NET}${P.replace('task}, b', 'task, schema: {type: objekt}}, b')}transitions: {t: {kind: pass, in: {x: a}, out: {b: {}}}}\n`, '4:39 bad-schema: The schema cannot be used: "objekt" is no type. => Use null, boolean, number, integer, string, array, object.'],
  ['a schema from elsewhere', `${NET}${P.replace('task}, b', 'task, schema: {$ref: "https://example.org/s"}}, b')}transitions: {t: {kind: pass, in: {x: a}, out: {b: {}}}}\n`, '4:39 bad-schema: The schema cannot be used: $ref "https://example.org/s" leads outside the schema. => Copy the definition into $defs and write "#/$defs/name".'],
  ['a number that no double carries', `${NET}params: {n: 9007199254740993}\n`, '4:13 number-not-exact: the number 9007199254740993 is not one that a double carries unchanged => send it as text: put it in quotes'],
  ['10^400', `${NET}params: {n: 1e400}\n`, '4:13 number-not-exact: the number 1e400 is not one that a double carries unchanged => send it as text: put it in quotes'],
  ['half a surrogate pair', `${NET}params: {n: "\\ud800"}\n`, '4:13 bad-text: a text holds half of a surrogate pair => send well-formed Unicode'],
  ['a tag of its own', `${NET}params: {n: !run x}\n`, '4:13 custom-tag: Unresolved tag: !run => only the tags of YAML 1.2 core are read: leave it out'],
  ['aliases that unfold without end', `${NET}params:\n${[...'abcdefg'].map((letter, nth, all) => `  ${letter}: &${letter} [${Array(10).fill(nth === 0 ? '1' : `*${all[nth - 1]}`).join(', ')}]`).join('\n')}\n`, '5:16 alias-bomb: aliases unfold to over 100000 values => write the values out, or use params'],
  ['an alias that contains itself', `${NET}params: &p {n: *p}\n`, '4:16 alias-bomb: the alias *p contains itself => write the value out'],
  ['50,000 levels', `${NET}params: {n: ${'['.repeat(50_000)}`, '4:832 too-deep: it is nested too deep to be read => flatten it'],
  ['a param for which there is no use', step('kind: pass, in: {x: a}, out: {b: {emit: "${params.no}"}}'), '6:41 unknown-param: There is no param no. => Add no under params of the net or of session.yaml.'],
  ['an arc to a place that is nearly one', step('kind: pass, in: {x: aa}, out: {b: {}}'), '6:24 dangling-arc: There is no place aa in this net. => Did you mean a? Else add aa under places.'],
  ['an arc to nowhere', step('kind: pass, in: {x: a}, out: {zebra: {}}'), '6:37 dangling-arc: There is no place zebra in this net. => Add zebra under places, or name one of those there.'],
  ['a transition without inputs', step('kind: pass, out: {b: {}}'), '6:3 endless-firing: This transition has no input and no schedule. => Give it an input that it consumes, or a schedule such as {every: 5m}.'],
  ['a condition with one equals sign', step('kind: pass, in: {x: {from: a, where: $.n = 1}}, out: {b: {}}'), '6:37 bad-condition: The condition is wrong at character 5: = is no operator. => Write == to compare.'],
  ['a condition with a pattern that is none', step('kind: pass, in: {x: {from: a, where: "$.n MATCHES /(/"}}, out: {b: {}}'), '6:37 bad-condition: The condition is wrong at character 13: RE2 refuses the pattern /(/: missing closing ): `(`. => Write it in RE2 syntax; (?i) at the start ignores case, (?s) lets a dot match a line break.'],
  ['an order of nothing', step('kind: pass, in: {x: {from: a, orderBy: DESC}}, out: {b: {}}'), '6:37 bad-order: The order is wrong at character 1: "DESC" stands where a path is expected. => Write it as $.name.'],
  ['a template that is not closed', step(`kind: map, in: {x: a}, do: {template: '\${x.n'}, out: {b: {}}`), '6:35 bad-template: The template is wrong at character 6: the template is not closed. => End it with }.'],
  ['a function that is nearly one', step(`kind: map, in: {x: a}, do: {template: '\${x.n | uper}'}, out: {b: {}}`), '6:35 bad-template: The template is wrong at character 9: there is no function "uper". => Did you mean upper?'],
  ['a variable that nobody binds', step(`kind: map, in: {x: a}, do: {template: '\${y.n}'}, out: {b: {}}`), '6:35 unbound-variable: ${y.n} names y, which is not there. => Name one of x, params, _firing, or bind y under in.'],
  ['a variable called result', step('kind: pass, in: {result: a}, out: {b: {}}'), '6:24 reserved-variable: result is a root of every template and cannot be a variable. => Call the variable otherwise, for example resultToken.'],
  ['a cron that never comes', step('kind: pass, schedule: {cron: "61 * * * *"}, out: {b: {emit: 1}}'), '6:30 bad-schedule: The cron pattern "61 * * * *" is wrong: Invalid value for minute: 61. => Write minute hour day month weekday, such as "0 9 * * 1-5".'],
  ['a time zone that is none', step('kind: pass, schedule: {cron: "0 9 * * *", timezone: Europe/Atlantis}, out: {b: {emit: 1}}'), '6:49 bad-schedule: Europe/Atlantis is no time zone. => Write a name of the IANA database, such as Europe/Berlin or UTC.'],
  ['a shell script with a value in it', step(`kind: command, in: {x: a}, do: {script: 'rm \${x.file}'}, out: {b: {}}`), '6:39 script-has-template: The script holds ${x.file}. => Give the value under env (VALUE: \'${...}\') and write "$VALUE" in the script; for a shell variable write $VALUE without braces.'],
  ['a command in two forms', step('kind: command, in: {x: a}, do: {argv: [ls], script: ls}, out: {b: {}}'), '6:51 one-form: A command has one form, and this has argv and script. => Keep one of argv and script.'],
  ['a pipeline without what it may run', step('kind: command, in: {x: a}, do: {pipeline: [[grep, x], [wc]]}, out: {b: {}}'), '6:39 pipeline-allow: The pipeline does not say which programs it may run. => Add allow: [grep, wc], or {grep: [-c, -i]} with the options each may have.'],
  ['a pipeline with a program that starts programs', step('kind: command, in: {x: a}, do: {pipeline: [[find, ., -exec, rm]], allow: [find]}, out: {b: {}}'), '6:73 pipeline-allow: find starts programs, writes files or reaches outside, so no pipeline may run it. => Write that command as argv or script, which no model writes.'],
  ['a host that data chooses', step(`kind: http, in: {x: a}, do: {url: 'https://\${x.host}/'}, out: {b: {}}`), '6:36 url-rule: Data stands in the host of the URL. => Write https://host/path/${x}?q=${y}, or let one ${} be the whole URL.'],
  ['a method that is none', step('kind: http, in: {x: a}, do: {url: https://example.org/, method: FETCH}, out: {b: {}}'), '6:63 bad-value: transitions.t.do.method must be one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, or a whole ${params.name}, and is "FETCH" => change it: docs/net-files.md says what each key takes'],
  ['a header with a line end', step('kind: http, in: {x: a}, do: {url: https://example.org/, headers: {X-A: "a\\r\\nX-B: b"}}, out: {b: {}}'), '6:73 bad-header: The value of X-A holds a line end. => Write it on one line.'],
  ['a credential in a URL', step(`kind: http, in: {x: a}, credentials: {T: 'env:T'}, do: {url: 'https://example.org/\${credentials.T}'}, out: {b: {}}`), '6:63 credential-misplaced: ${credentials.T} stands outside headers, query and form of an http request. => Move it there; credentials exist nowhere else.'],
  ['a credential in an argument', step(`kind: command, in: {x: a}, credentials: {T: 'env:T'}, do: {argv: [echo, '\${credentials.T}']}, out: {b: {}}`), '6:79 credential-misplaced: A command gets a credential as an environment variable, never in its text. => List it under credentials and read $T in the program.'],
  ['a credential that is not listed', step(`kind: http, in: {x: a}, do: {url: https://example.org/, headers: {authorization: '\${credentials.T}'}}, out: {b: {}}`), '6:73 missing-credential: The transition lists no credential T. => Add credentials: {T: env:T} to the transition.'],
  ['a credential from a vault that is not there yet', step(`kind: http, in: {x: a}, credentials: {T: 'kv/a#b'}, do: {url: https://example.org/, headers: {authorization: '\${credentials.T}'}}, out: {b: {}}`), '6:45 credential-source: T is to come from a source that is not available: only env:NAME is. => Write T: env:T and give the executor that variable; never write the secret itself here.'],
  ['more tokens at once than a place holds', `${NET}${P.replace('task}, b', 'task, capacity: 2}, b')}transitions: {t: {kind: pass, in: {x: {from: a, take: 3}}, out: {b: {}}}}\n`, '5:36 take-over-capacity: t takes 3 tokens of a in one firing, and a holds at most 2. => Take fewer, or let a hold 3.'],
  ['a declared token that does not fit', `${NET}${P.replace('task}, b', 'task, tokens: [1], schema: {type: string}}, b')}transitions: {t: {kind: pass, in: {x: a}, out: {b: {}}}}\n`, '4:39 declared-misfit: The token does not fit the schema of a: $ is 1, and a text is expected. => Correct the token or the schema.'],
  ['a place that shares one of nobody', `${NET}places: {a: {shares: n/nothing}, b: {category: task}}\ntransitions: {t: {kind: pass, in: {x: a}, out: {b: {}}}}\n`, '4:14 shares-unknown: a shares n/nothing, but n has no place nothing. => Name a place of another net of this session as net/place.'],
  ['an element of another tool that is no XML', `${NET}foreign: {pnml: {xml: ['<a']}}\n`, 'warning 4:24 foreign-unwritable: a kept element is no XML, or says what only the net itself may say => take it out: PNML is written without it'],
  ['a place that sends where it is not let in', `${NET}places: {a: {category: task}, b: {category: task, sends: quiet/other/ready}}\ntransitions: {t: {kind: pass, in: {x: a}, out: {b: {}}}}\n`, '4:51 not-open: quiet/other/ready is not open to session bad. => Add bad to the list `open` of quiet/other/ready, if its owner agrees.'],
]

/** What it is, the text of nets/bad/m.pnml, the error. */
const XML: readonly (readonly [string, string, string])[] = [
  ['no XML', '{"a": 1}', '1:10 xml-syntax: text data outside of root node => write well-formed XML'],
  ['an element that is not closed', '<pnml>', '1:7 xml-syntax: unclosed tag: pnml => write well-formed XML'],
  ['an entity bomb', '<!DOCTYPE p [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><pnml>&b;</pnml>', '1:69 doctype-refused: the file has a DOCTYPE => leave it out: no entity and no DTD is ever read'],
  ['a DTD from elsewhere', '<!DOCTYPE pnml SYSTEM "http://127.0.0.1:9/x.dtd"><pnml/>', '1:50 doctype-refused: the file has a DOCTYPE => leave it out: no entity and no DTD is ever read'],
  ['a page of the web', '<html/>', '1:1 not-pnml: the root element is <html> => a PNML file begins with <pnml>'],
  ['two nets', `<pnml><net id="a" type="${PT}"/><net id="b" type="${PT}"/></pnml>`, '1:74 several-nets: the file holds another net => put each net into a file of its own'],
  ['a high-level net', pnml('', 'http://www.pnml.org/version-2009/grammar/highlevelnet'), '1:61 net-type: the net is of type http://www.pnml.org/version-2009/grammar/highlevelnet => only P/T nets are read: http://www.pnml.org/version-2009/grammar/ptnet'],
  ['a place without an id', pnml('<place/>'), '2:1 missing-id: a place has no id => give it an id of its own'],
  ['an id twice', pnml('<place id="p"/><transition id="p"/>'), '2:16 duplicate-id: the id "p" stands at line 2, column 1 already => give each element an id of its own'],
  ['an element that is nearly one', pnml('<plase id="p"/>'), '2:1 unknown-element: <plase> is no element of a P/T net => did you mean <place>?'],
  ['an arc into nothing', pnml('<place id="p"/><arc id="a" source="p" target="x"/>'), '2:16 dangling-arc: the target of the arc "a" is "x", which is nowhere => point it at the id of a node'],
  ['an arc between two places', pnml('<place id="p"/><place id="q"/><arc id="a" source="p" target="q"/>'), '2:31 arc-ends: the arc "a" joins the places "p" and "q" => an arc joins a place and a transition'],
  ['an arc across pages', pnml('<place id="p"/><page id="h"><transition id="t"/><arc id="a" source="p" target="t"/></page>'), 'warning 2:49 arc-across-pages: the arc "a" ends on another page => it is read; put a reference node on its page to be standard'],
  ['a label of another tool', pnml('<place id="p"><colour>red</colour></place>'), 'info 2:15 foreign-label: <colour> plays no part in the net => nothing to do: it is kept and written back'],
  ['an arc that resets', pnml('<place id="p"/><transition id="t"/><arc id="a" source="p" target="t" type="reset"/>'), '2:36 arc-type: the arc "a" is of type "reset" => only plain and inhibitor arcs are read'],
  ['a marking in words', pnml('<place id="p"><initialMarking><text>two</text></initialMarking></place>'), '2:15 bad-number: the marking of place "p" is "two" => write a whole number from 0'],
  ['10^400 tokens', pnml(`<place id="p"><initialMarking><text>1${'0'.repeat(400)}</text></initialMarking></place>`), '2:15 number-not-exact: the marking of place "p", "1000000000000000000000000000000000000000", is above 2^53-1 => a number that large cannot be carried exactly: scale the net down'],
  ['a weight above all', pnml('<place id="p"/><transition id="t"/><arc id="a" source="p" target="t"><inscription><text>10001</text></inscription></arc>'), '2:36 too-large: an arc of weight 10001: a firing carries at most 10000 tokens, and the arcs of a file put at most 200000 => scale the net down; 2:36 bad-value: transitions.t.in.p.take must be at most 10000, and is 10001 => change it: docs/net-files.md says what each key takes'],
  ['references in a circle', pnml('<referencePlace id="r" ref="s"/><referencePlace id="s" ref="r"/>'), '2:1 dangling-reference: the reference "r" leads back to itself => point it at a node; 2:33 dangling-reference: the reference "s" leads back to itself => point it at a node'],
  ['our element with no JSON in it', pnml('<place id="p"><toolspecific tool="agenticos" version="1">[1]</toolspecific></place>'), '2:15 pnml-json: toolspecific agenticos does not hold a JSON object => write {...}, or take it out'],
  ['our element of a version to come', pnml('<place id="p"><toolspecific tool="agenticos" version="2">{}</toolspecific></place>'), '2:15 pnml-version: toolspecific agenticos has version "2" => this program reads version 1: use a newer one'],
  ['50,000 pages in one another', '<page id="x">'.repeat(50_000), '1:2601 too-deep: elements are nested over 200 levels => flatten the pages'],
  ['a drawing that our element contradicts', pnml('<transition id="t"><toolspecific tool="agenticos" version="1">{"kind": "pass", "in": {"x": "p"}}</toolspecific></transition><place id="p"/>'), '2:1 pnml-mismatch: input "x" of transition "t" has no arc => draw the arc, or take the input out of toolspecific: an arc is the only binding'],
]

/** What it is, the path, the text, the error. */
const PATHS: readonly (readonly [string, string, string, string])[] = [
  ['a net that ends in .yml', 'nets/bad/m.yml', NET, '1:1 file-name: nets/bad/m.yml ends in .yml, which is not read => Rename it to m.yaml.'],
  ['a net in a folder called Bad', 'nets/Bad/m.yaml', NET, '1:1 file-name: "Bad" in "nets/Bad/m.yaml" is not a name => Use a lower-case letter, then up to 62 letters, digits or hyphens.'],
  ['a net outside of all sessions', 'nets/m.yaml', NET, 'warning 1:1 misplaced-file: nets/m.yaml belongs to no session and is ignored => Move it to where nets are read: nets/<session>/<net>.yaml.'],
  ['a net of two forms', 'nets/bad/n.pnml', pnml('<place id="p"/>'), 'nets/bad/n.yaml 1:1 duplicate-net: nets/bad/n.yaml and nets/bad/n.pnml are both the net bad/n => Keep one of them; agenticos convert makes one form from the other.'],
  ['a net in a session of drafts', 'nets/scratch-mine/m.yaml', NET, '1:1 scratch-session: the session scratch-mine cannot stand here => Names that begin with scratch- are kept for agenticos dev; choose another name.'],
  ['a net called session', 'nets/bad/session.pnml', pnml(''), '1:1 file-name: nets/bad/session.pnml: a session is described in YAML, and no net is called session => Rename the net.'],
  ['a net where the session goes', 'nets/bad/session.yaml', NET.replace('m}', 'session}'), '1:1 wrong-kind: nets/bad/session.yaml holds a Net, and a file of this name holds a Session => Give the net a file of its own name.'],
  ['a session of another name', 'nets/bad/session.yaml', SESSION.replace('bad', 'good'), '3:12 session-name: The session is called good and lies in the folder bad. => Set metadata.name to bad, or rename the folder.'],
  ['a limit of nothing', 'nets/bad/session.yaml', `${SESSION}limits: {tokens: 0}\n`, '4:10 bad-value: limits.tokens must be at least 1, and is 0 => change it: docs/net-files.md says what each key takes'],
  ['a limit that is nearly one', 'nets/bad/session.yaml', `${SESSION}limits: {token: 5}\n`, '4:10 unknown-key: limits has no key "token" => did you mean "tokens"? the keys here are depth, tokens, inbox, effects, awaiting, firings, logBytes'],
  ['a policy that is no YAML', 'policy.yaml', 'kind: [', '1:8 yaml-syntax: Flow sequence in block collection must be sufficiently indented and end with a ] => see yaml.org/spec/1.2.2, or quote the text'],
  ['a policy with a key of its own', 'policy.yaml', 'apiVersion: agenticos.dev/v1\nkind: Policy\napprovers: [me]\n', '3:1 unknown-key: the file has no key "approvers" => did you mean "approvals"? the keys here are apiVersion, kind, metadata, approvals, agents, budgets'],
  ['an executor that is none', 'executors/home.yaml', 'kind: Executer\n', '1:1 unknown-kind: kind "Executer" is not known here => did you mean "Executor"?'],
  ['a model without a price', 'models.yaml', 'apiVersion: agenticos.dev/v1\nkind: Models\nmodels:\n  small: {provider: ollama, model: x}\n', '4:3 model-without-price: small has no price. => Add price: free, or price: {input: 0.15, cached: 0.075, output: 0.60} in US dollars a million tokens.'],
  ['models that are none', 'models.yaml', '- a\n', '1:1 bad-value: the file is not a table of keys => begin with apiVersion, kind and metadata'],
]

async function errors(path: string, content: string): Promise<string> {
  const { findings } = await river.client.call(API.plan, { body: { files: [{ path, content }] } })
  const errors = findings.filter((finding) => finding.level === 'error')
  const told = errors.length > 0 ? errors : findings.filter((finding) => finding.file === path && finding.code !== 'unreachable-place')
  expect(told.every((finding) => finding.remedy !== '')).toBe(true)
  return told.map(({ file, line, column, level, code, message, remedy }) => `${level === 'error' ? '' : `${level} `}${file === path ? '' : `${file} `}${line}:${column} ${code}: ${message} => ${remedy}`).join('; ') || 'nothing'
}

describe('a net in YAML', () => {
  test.each(YAML)('%s', async (_, text, expected) => expect(await errors('nets/bad/m.yaml', text)).toBe(expected))
})

describe('a net in PNML', () => {
  test.each(XML)('%s', async (_, text, expected) => expect(await errors('nets/bad/m.pnml', text)).toBe(expected))
})

describe('a file where it should not be', () => {
  test.each(PATHS)('%s | %s', async (_, path, text, expected) => expect(await errors(path, text)).toBe(expected))
})

test('every code that a file can have stands in a catalogue', () => {
  const folder = join(packageRoot(), 'test/promises/bad-inputs')
  const known = ['files', 'pushes', 'command-line'].map((name) => readFileSync(join(folder, `${name}.test.ts`), 'utf8')).join('')
  const rows = readFileSync(join(packageRoot(), 'docs/errors.md'), 'utf8').matchAll(/^\| `([a-z-]+)` \| (?:doctor, )?file \|/gm)
  expect([...rows].map(([, code = '']) => code).filter((code) => !known.includes(`${code}: `) && !known.includes(`[${code}]`))).toEqual([])
})
