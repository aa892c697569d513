// Promise G, tokens: what is put, and exactly why it is not taken. What may be taken beside it in the same request is.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { API } from '../../../protocol/api.js'
import { startAttacked, unharmed, type Attacked } from '../../support/attacked.js'

let river: Attacked
beforeAll(async () => { river = await startAttacked() })
afterAll(() => unharmed(river))

/** What it is, the place, the text of the body, then `status code: detail => remedy`. */
const BODIES: readonly (readonly [string, string, string, string])[] = [
  ['no JSON at all', 'inbox', 'hello', '400 bad-json: body: "hello" stands where a JSON value is expected (at character 1) => texts stand in double quotes, numbers, true, false and null bare'],
  ['half a token', 'inbox', '{"data":{"text":"x"', '400 bad-json: body: the end stands where a comma or } is expected (at character 20) => texts stand in double quotes, numbers, true, false and null bare'],
  ['no data', 'inbox', '{}', '400 bad-request: body data: it is missing => see /docs for what this address takes'],
  ['a key that is nearly one', 'inbox', '{"data":{"text":"x"},"corelationId":"a"}', '400 bad-request: body: there is no key "corelationId" => did you mean "correlationId"? the keys here are data, correlationId'],
  ['_meta, which is the runtime’s own', 'inbox', '{"data":{"text":"x"},"_meta":{"id":"1-0"}}', '400 bad-request: body: there is no key "_meta" => the keys here are data, correlationId'],
  ['a correlation id that is a number', 'inbox', '{"data":{"text":"x"},"correlationId":5}', '400 bad-request: body correlationId: it must be a text => see /docs for what this address takes'],
  ['a correlation id of nothing', 'inbox', '{"data":{"text":"x"},"correlationId":""}', '400 bad-request: body correlationId: it must not be empty => see /docs for what this address takes'],
  ['a key twice', 'inbox', '{"data":{"text":"x","text":"y"}}', '400 bad-json: body: the key "text" stands twice (at character 21) => keep one of the two'],
  ['a key twice, once written as an escape', 'inbox', '{"data":{"text":"x","te\\u0078t":"y"}}', '400 bad-json: body: the key "text" stands twice (at character 21) => keep one of the two'],
  ['a number beyond doubles', 'inbox', '{"data":1e400}', '400 bad-json: body: the number 1e400 would change in a double (at character 9) => send it as text'],
  ['a number of 20 digits', 'inbox', '{"data":{"text":"x","id":12345678901234567890}}', '400 bad-json: body: the number 12345678901234567890 would change in a double (at character 26) => send it as text'],
  ['a fraction that no double carries', 'inbox', '{"data":0.1234567890123456789}', '400 bad-json: body: the number 0.1234567890123456789 would change in a double (at character 9) => send it as text'],
  ['a number of 1,001 digits', 'inbox', `{"data":${'9'.repeat(1_001)}}`, '400 bad-json: body: a number has over 1000 characters (at character 9) => send it as text'],
  ['NaN', 'inbox', '{"data":NaN}', '400 bad-json: body: "NaN" stands where a JSON value is expected (at character 9) => texts stand in double quotes, numbers, true, false and null bare'],
  ['a number with a leading zero', 'inbox', '{"data":007}', '400 bad-json: body: 00 is no JSON number (at character 9) => write it as -12, 0.5 or 1e9'],
  ['a number with a plus', 'inbox', '{"data":+1}', '400 bad-json: body: "+" stands where a JSON value is expected (at character 9) => texts stand in double quotes, numbers, true, false and null bare'],
  ['half a surrogate pair', 'inbox', '{"data":{"text":"\\ud800"}}', '400 bad-json: body: a text holds half of a surrogate pair (at character 17) => send well-formed Unicode, or the bytes as base64'],
  ['U+0000', 'inbox', '{"data":{"text":"a\\u0000b"}}', '400 bad-json: body: a text holds U+0000 (at character 17) => leave the character out, or send the bytes as base64'],
  ['a tab inside a text', 'inbox', '{"data":{"text":"a\tb"}}', '400 bad-json: body: a text holds the control character U+0009 (at character 19) => write it as an escape, such as \\n or \\t'],
  ['an escape that JSON does not know', 'inbox', '{"data":{"text":"\\x41"}}', '400 bad-json: body: \\x is no JSON escape (at character 18) => a backslash itself is written \\\\'],
  ['single quotes', 'inbox', "{'data':1}", `400 bad-json: body: "'" stands where a key in double quotes is expected (at character 2) => texts stand in double quotes, numbers, true, false and null bare`],
  ['a comma too many', 'inbox', '{"data":[1,]}', '400 bad-json: body: "]" stands where a JSON value is expected (at character 12) => texts stand in double quotes, numbers, true, false and null bare'],
  ['65 levels', 'inbox', `{"data":${'['.repeat(65)}${']'.repeat(65)}}`, '400 bad-json: body: the value is nested over 64 levels (at character 73) => flatten the value'],
  ['50,000 levels', 'inbox', `{"data":${'['.repeat(50_000)}`, '400 bad-json: body: the value is nested over 64 levels (at character 73) => flatten the value'],
  ['a text where an object goes', 'inbox', '{"data":"x"}', '422 token-misfit: the token does not fit the schema of n/inbox: $ is the text "x", and an object is expected => send a token that fits; agenticos describe of the place shows its schema'],
  ['an object without what the schema requires', 'inbox', '{"data":{"txt":"x"}}', '422 token-misfit: the token does not fit the schema of n/inbox: $ has no "text", which is required (it has "txt") => send a token that fits; agenticos describe of the place shows its schema'],
  ['a number where a text goes', 'inbox', '{"data":{"text":5}}', '422 token-misfit: the token does not fit the schema of n/inbox: $.text is 5, and a text is expected => send a token that fits; agenticos describe of the place shows its schema'],
  ['a text that is too long for the schema', 'inbox', `{"data":{"text":"${'x'.repeat(41)}"}}`, '422 token-misfit: the token does not fit the schema of n/inbox: $.text has 41 characters, and at most 40 are expected => send a token that fits; agenticos describe of the place shows its schema'],
  ['a token larger than its place takes', 'small', `{"data":"${'x'.repeat(99)}"}`, '413 too-large: the token has 101 bytes, and place n/small takes 100 => send less and keep the bulk in a file, or raise maxBytes of the place (8 MiB at most)'],
  ['a token of 9 MiB', 'inbox', `{"data":{"text":"${'x'.repeat(9 * 1024 * 1024)}"}}`, '413 too-large: the body is larger than the 9437184 bytes that are read here => send less at once; large data belongs in a file that a command reads'],
  ['a token too many', 'full', '{"data":2}', '409 place-full: n/full is full: its capacity is 1 => wait until some are consumed, or raise capacity by a proposal'],
  ['a second token of one key', 'keyed', '{"data":{"id":1,"more":true}}', '409 duplicate: n/keyed holds a token with this key already => use another key, or choose onDuplicate: replace or ignore by a proposal'],
  ['a token for a place that sends', 'away', '{"data":1}', '409 conflict: place bad/n/away sends to quiet/other/anything and holds no tokens itself => put the token there: agenticos put quiet/other/anything'],
  ['a token for the dead letters', '_failed', '{"data":1}', '404 not-found: there is no place bad/n/_failed => agenticos get places bad/n lists what there is'],
  ['a token for no place', 'inbux', '{"data":1}', '404 not-found: there is no place bad/n/inbux => did you mean bad/n/inbox? agenticos get places bad/n lists what there is'],
]
/** What it is, the kind, the body of a bulk put, then a line for each token that is not taken. */
const MANY: readonly (readonly [string, string, string, string])[] = [
  ['lines of which some are none', 'application/x-ndjson', '{"id":2}\n{"id":\n\n{"id":3,"id":4}\nhello\n{"id":1}\n', '1 put; line 2: 400 bad-json: the end stands where a JSON value is expected (at character 7) => texts stand in double quotes, numbers, true, false and null bare; line 4: 400 bad-json: the key "id" stands twice (at character 9) => keep one of the two; line 5: 400 bad-json: "hello" stands where a JSON value is expected (at character 1) => texts stand in double quotes, numbers, true, false and null bare; line 6: 409 duplicate: n/keyed holds a token with this key already => use another key, or choose onDuplicate: replace or ignore by a proposal'],
  ['a list of which some are none', 'application/json', '[{"id":5},{"id":1},{"id":5}]', '1 put; line 2: 409 duplicate: n/keyed holds a token with this key already => use another key, or choose onDuplicate: replace or ignore by a proposal; line 3: 409 duplicate: n/keyed holds a token with this key already => use another key, or choose onDuplicate: replace or ignore by a proposal'],
  ['an object where a list goes', 'application/json', '{"id":6}', '400 bad-json: the body is neither a JSON list nor NDJSON => send [data, ...] as application/json, or one JSON a line as application/x-ndjson'],
  ['nothing', 'application/json', '', '400 bad-json: the body is neither a JSON list nor NDJSON => send [data, ...] as application/json, or one JSON a line as application/x-ndjson'],
  ['lines that are not UTF-8', 'application/x-ndjson', '{"id":"\xff"}', '400 bad-json: body: its bytes are not UTF-8 => send UTF-8; broken text can be sent as base64'],
]
/** What it is, the header, the answer. */
const KEYS: readonly (readonly [string, string, string])[] = [
  ['a space in the idempotency key', 'a b', '400 bad-request: header Idempotency-Key: 1 to 180 visible ASCII characters => send a UUID, or leave the header out'],
  ['an idempotency key of 181 letters', 'k'.repeat(181), '400 bad-request: header Idempotency-Key: 1 to 180 visible ASCII characters => send a UUID, or leave the header out'],
  ['an idempotency key in Latin-1', 'schl\xfcssel', '400 bad-request: header Idempotency-Key: 1 to 180 visible ASCII characters => send a UUID, or leave the header out'],
]

const at = (place: string, more = ''): string => `POST /v1/sessions/bad/nets/n/places/${place}/tokens${more}`

describe('a token that cannot be one, or not there', () => {
  test.each(BODIES)('%s | in %s', async (_, place, body, expected) => {
    expect(await river.ask(at(place), { body, headers: { 'content-type': 'application/json' } })).toBe(expected)
  })
})

describe('many tokens, some of them bad', () => {
  test.each(MANY)('%s | as %s', async (_, type, body, expected) => {
    const init = { method: 'POST', body: Buffer.from(body, 'latin1'), headers: { 'content-type': type, 'authorization': `Bearer ${river.token}` } }
    const response = await fetch(`${river.url}/v1/sessions/bad/nets/n/places/keyed/tokens/bulk`, init)
    if (response.status >= 400) return expect(await river.ask(at('keyed', '/bulk'), init)).toBe(expected)
    const { put, problems } = (await response.json()) as { put: number; problems: { line: number; status: number; code: string; message: string; remedy: string }[] }
    expect(`${put} put; ${problems.map(({ line, status, code, message, remedy }) => `line ${line}: ${status} ${code}: ${message} => ${remedy}`).join('; ')}`).toBe(expected)
    for (const token of (await river.client.call(API.listTokens, { params: { session: 'bad', net: 'n', place: 'keyed' }, query: { where: '$.id > 1' } })).items) {
      await river.client.call(API.removeTokens, { params: { session: 'bad' }, body: { tokens: [token.id] } })
    }
  })
})

describe('keys that are none', () => {
  test.each(KEYS)('%s | %s', async (_, key, expected) => {
    expect(await river.ask(at('inbox'), { body: '{"data":{"text":"x"}}', headers: { 'content-type': 'application/json', 'idempotency-key': key } })).toBe(expected)
  })

  test('a key that was used for another token gets the first answer, and nothing is put', async () => {
    const once = { body: '{"data":{"text":"a"}}', headers: { 'content-type': 'application/json', 'idempotency-key': 'used' } }
    const first = JSON.parse((await river.ask(at('inbox'), once)).slice(4)) as { id: string }
    const again = JSON.parse((await river.ask(at('inbox'), { ...once, body: '{"data":{"text":"b"}}' })).slice(4)) as { id: string }
    expect(again).toEqual(first)
    await river.client.call(API.removeTokens, { params: { session: 'bad' }, body: { tokens: [first.id] } })
  })
})

test('a key that a place ignores is told so, and nothing comes in', async () => {
  expect(await river.ask(at('once'), { body: '{"data":{"id":"once","other":1}}', headers: { 'content-type': 'application/json' } })).toMatch(/^200 \{"key":"[0-9a-f-]{36}","status":200,"href":/)
})
