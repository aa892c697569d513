// Promise G, requests: what is asked of the API, and exactly what it answers. Nothing of it may change anything.
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { API } from '../../../protocol/api.js'
import { startAttacked, unharmed, type Attacked } from '../../support/attacked.js'

let river: Attacked
beforeAll(async () => { river = await startAttacked() })
afterAll(() => unharmed(river))

/** What it is, the request, then `status code: detail => remedy`. */
const ADDRESSES: readonly (readonly [string, string, string])[] = [
  ['an address that is nowhere', 'GET /v1/session', '404 not-found: there is nothing at GET /v1/session => did you mean /v1/sessions? /docs lists every address'],
  ['an address of another version', 'GET /v2/sessions', '404 not-found: there is nothing at GET /v2/sessions => did you mean /v1/sessions? /docs lists every address'],
  ['a file of the machine', 'GET /etc/passwd', '404 not-found: there is nothing at GET /etc/passwd => /docs lists every address'],
  ['a way out of the root', 'GET /docs/%2e%2e/%2e%2e/etc/passwd', '404 not-found: there is nothing at GET /etc/passwd => /docs lists every address'],
  ['a method that the address does not know', 'DELETE /v1/status', '405 wrong-method: /v1/status does not know DELETE => ask with GET; /docs lists every address'],
  ['a percent sign without digits', 'GET /v1/sessions/%zz', `400 bad-request: '/v1/sessions/%zz' is not a valid url component => percent-encode the address properly`],
  ['percent bytes that are not UTF-8', 'GET /v1/sessions/%ff', `400 bad-request: '/v1/sessions/%ff' is not a valid url component => percent-encode the address properly`],
  ['a session in capitals', 'GET /v1/sessions/Demo', '400 bad-request: address session: a name is a lower-case letter, then up to 62 letters, digits or hyphens => see /docs for what this address takes'],
  ['a session of 64 letters', `GET /v1/sessions/${'a'.repeat(64)}`, '400 bad-request: address session: a name is a lower-case letter, then up to 62 letters, digits or hyphens => see /docs for what this address takes'],
  ['a session with SQL in it', 'GET /v1/sessions/x%27%3bdrop%20table%20runtime.tokens', '400 bad-request: address session: a name is a lower-case letter, then up to 62 letters, digits or hyphens => see /docs for what this address takes'],
  ['a session that is a way up', 'GET /v1/sessions/..%2f..%2fetc', '400 bad-request: address session: a name is a lower-case letter, then up to 62 letters, digits or hyphens => see /docs for what this address takes'],
  ['a session with U+0000', 'GET /v1/sessions/%00', '400 bad-request: address session: a name is a lower-case letter, then up to 62 letters, digits or hyphens => see /docs for what this address takes'],
  ['a session that is not there', 'GET /v1/sessions/bed', '404 not-found: there is no session bed => did you mean bad? agenticos get sessions lists what there is'],
  ['a session nobody would mean', 'GET /v1/sessions/zzzzzzzz', '404 not-found: there is no session zzzzzzzz => agenticos get sessions lists what there is'],
  ['a net that is not there', 'GET /v1/sessions/bad/nets/m', '404 not-found: there is no net bad/m => did you mean bad/n? agenticos get nets bad lists what there is'],
  ['a net called __proto__', 'GET /v1/sessions/bad/nets/__proto__', '400 bad-request: address net: a name is a lower-case letter, then up to 62 letters, digits or hyphens => see /docs for what this address takes'],
  ['a net called constructor', 'GET /v1/sessions/bad/nets/constructor', '404 not-found: there is no net bad/constructor => agenticos get nets bad lists what there is'],
  ['a place that is not there', 'GET /v1/sessions/bad/nets/n/places/inbx/tokens', '404 not-found: there is no place bad/n/inbx => did you mean bad/n/inbox? agenticos get places bad/n lists what there is'],
  ['a place called hasownproperty', 'GET /v1/sessions/bad/nets/n/places/hasownproperty/tokens', '404 not-found: there is no place bad/n/hasownproperty => agenticos get places bad/n lists what there is'],
  ['a token id without ordinal', 'GET /v1/sessions/bad/tokens/12', '400 bad-request: address token: a token id looks like 1234-0 => see /docs for what this address takes'],
  ['a token that is not there', 'GET /v1/sessions/bad/tokens/999999-0', '404 not-found: session bad has no token 999999-0 in its marking => it may have been consumed: agenticos get events bad'],
  ['a token id beyond all tokens', 'GET /v1/sessions/bad/tokens/999999999999-99999', '404 not-found: session bad has no token 999999999999-99999 in its marking => it may have been consumed: agenticos get events bad'],
  ['a proposal 0', 'GET /v1/proposals/0', '400 bad-request: address proposal: a proposal is a number => see /docs for what this address takes'],
  ['a proposal that is not there', 'GET /v1/proposals/77', '404 not-found: there is no proposal 77 => List them: agenticos get proposals.'],
  ['a decision nobody made', 'GET /v1/sessions/bad/decisions/no-such-key', '404 not-found: session bad knows no decision no-such-key; decisions are kept for 24 hours => agenticos get events bad tells what happened'],
  ['an executor that is not there', 'DELETE /v1/executors/nobody', '404 not-found: there is no executor nobody => agenticos get executors lists what there is'],
  ['an access token that is not there', 'DELETE /v1/access/nobody', '404 not-found: there is no access token nobody => agenticos token list lists what there is'],
]
const QUERIES: readonly (readonly [string, string, string])[] = [
  ['a limit of 0', 'GET /v1/nets?limit=0', '400 bad-request: query limit: it must be at least 1 => see /docs for what this address takes'],
  ['a limit of 1001', 'GET /v1/nets?limit=1001', '400 bad-request: query limit: it must be at most 1000 => see /docs for what this address takes'],
  ['a limit that is no number', 'GET /v1/nets?limit=many', '400 bad-request: query limit: it must be a number => see /docs for what this address takes'],
  ['a limit twice', 'GET /v1/nets?limit=1&limit=2', '400 bad-request: query limit: it must be a number => see /docs for what this address takes'],
  ['a query nobody knows', 'GET /v1/nets?sesion=bad', '400 bad-request: query: there is no key "sesion" => did you mean "session"? the keys here are session, limit, cursor'],
  ['a cursor from nowhere', 'GET /v1/nets?cursor=zzz', '400 bad-request: query cursor: it is none that this list gave => take the cursor from `next` of the page before, or leave it out'],
  ['a cursor of another list', 'GET /v1/effects?cursor=WyJ4IiwiYSIsMV0', '400 bad-request: query cursor: it is none that this list gave => take the cursor from `next` of the page before'],
  ['a state that effects do not have', 'GET /v1/effects?state=gone', '400 bad-request: query state: it must be one of pending, held, leased, settled, blocked, withdrawn, awaiting => see /docs for what this address takes'],
  ['an event number below none', 'GET /v1/sessions/bad/events?after=-1', '400 bad-request: query after: it must be at least 0 => see /docs for what this address takes'],
  ['newest events after one', 'GET /v1/sessions/bad/events?newest=true&after=1', '400 bad-request: query after: it goes with oldest first only => leave out newest or after'],
  ['an event type that is none', 'GET /v1/sessions/bad/events?type=Token%20put', '400 bad-request: query type: an event type looks like token.put => see /docs for what this address takes'],
  ['a replay at some time', 'GET /v1/sessions/bad/replay?at=yesterday', '400 bad-request: query at: write an event number or an RFC 3339 time => see /docs for what this address takes'],
  ['a replay at the 31st of February', 'GET /v1/sessions/bad/replay?at=2026-02-31T00:00:00Z', '400 bad-request: query at: write an event number or an RFC 3339 time => see /docs for what this address takes'],
  ['a replay at an event to come', 'GET /v1/sessions/bad/replay?at=99999', '404 not-found: session bad has 6 events, and event 99999 is not among them => agenticos replay without --at shows the marking now'],
  ['a cost since now', 'GET /v1/cost?since=now', '400 bad-request: query since: it must be an RFC 3339 time such as 2026-01-31T12:00:00Z => see /docs for what this address takes'],
  ['a plan of a branch that is not there', 'GET /v1/plan?head=no-such-branch', '404 not-found: "no-such-branch" names no branch and no commit of the net repository => Give a branch that was pushed, or a commit id.'],
  ['a plan of an option of git', 'GET /v1/plan?head=--output%3Dx', '404 not-found: "--output=x" names no branch and no commit of the net repository => Give a branch that was pushed, or a commit id.'],
  ['one equals sign', 'GET /v1/sessions/bad/nets/n/places/inbox/tokens?where=$.a%20=%201', '400 bad-query: query where: = is no operator (at character 5 of "$.a = 1") => write == to compare'],
  ['ArcQL that goes on as SQL', `GET /v1/sessions/bad/nets/n/places/inbox/tokens?where=${encodeURIComponent("$.a == '1'; drop table tokens")}`, `400 bad-query: query where: a text stands in '' (at character 8 of "$.a == '1'; drop table tokens") => JSON texts stand in double quotes: "text"`],
  ['ArcQL with a text in single quotes', `GET /v1/sessions/bad/nets/n/places/inbox/tokens?where=${encodeURIComponent("$.text == 'go'")}`, `400 bad-query: query where: a text stands in '' (at character 11 of "$.text == 'go'") => JSON texts stand in double quotes: "text"`],
  ['ArcQL over a value that nobody gives', `GET /v1/sessions/bad/nets/n/places/inbox/tokens?where=${encodeURIComponent('$.a == ${x.y}')}`, '400 bad-query: query where: ${x} has no value outside a net => write the value itself'],
  ['a pattern without its end', `GET /v1/sessions/bad/nets/n/places/inbox/tokens?where=${encodeURIComponent('$.text MATCHES /(/')}`, '400 bad-query: query where: RE2 refuses the pattern /(/: missing closing ): `(` (at character 16 of "$.text MATCHES /(/") => write it in RE2 syntax; (?i) at the start ignores case, (?s) lets a dot match a line break'],
  ['a pattern with a back-reference', `GET /v1/sessions/bad/nets/n/places/inbox/tokens?where=${encodeURIComponent('$.text MATCHES /(a)\\1/')}`, '400 bad-query: query where: RE2 refuses the pattern /(a)\\1/: invalid escape sequence: `\\1` (at character 16 of "$.text MATCHES /(a)\\\\1/") => RE2 has no back-references: take both parts as groups and compare them'],
  ['2,000 NOTs', `GET /v1/sessions/bad/nets/n/places/inbox/tokens?where=${encodeURIComponent('NOT '.repeat(2_000))}true`, '400 bad-query: query where: the condition is nested over 64 levels (at character 260 of "NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT ") => write it flatter'],
  ['an order sideways', 'GET /v1/sessions/bad/nets/n/places/inbox/tokens?order=$.a%20SIDEWAYS', '400 bad-query: query order: "SIDEWAYS" stands where the end is expected (at character 5 of "$.a SIDEWAYS") => write ASC or DESC, and a comma before the next path'],
]
/** What it is, the request, its body, then the answer. */
const BODIES: readonly (readonly [string, string, unknown, string])[] = [
  ['a change of nothing', 'POST /v1/proposals', { title: 'Nothing', files: [] }, '409 nothing-to-propose: main has all of this already: the proposal would change nothing => Change a net file first; agenticos diff shows what differs.'],
  ['a proposal without a title', 'POST /v1/proposals', { title: '', files: [{ path: 'nets/a/b.yaml', content: '' }] }, '400 bad-request: body title: it must not be empty => see /docs for what this address takes'],
  ['a proposal of files and a branch', 'POST /v1/proposals', { title: 'Both', branch: 'a', files: [] }, '400 bad-request: body: the key "files" does not go with the others here => give the keys of one form; /docs shows them'],
  ['a proposal of a branch that is not there', 'POST /v1/proposals', { title: 'A branch', branch: 'no-such-branch' }, '404 not-found: there is no branch no-such-branch in the net repository => Push it first: git push origin HEAD:no-such-branch.'],
  ['a proposal of a branch that is an option', 'POST /v1/proposals', { title: 'A branch', branch: '--upload-pack=touch' }, '400 bad-branch: "--upload-pack=touch" is not a branch name => Push a branch and give its name: git push origin HEAD:my-change.'],
  ['a proposal of main', 'POST /v1/proposals', { title: 'A branch', branch: 'main' }, '400 bad-branch: main cannot be proposed into itself => Push a branch and give its name: git push origin HEAD:my-change.'],
  ['a file above the root', 'POST /v1/proposals', { title: 'Up', files: [{ path: '../x.yaml', content: 'x' }] }, '400 bad-request: body files.0.path: a path is relative, without . or .. parts => see /docs for what this address takes'],
  ['a file from the root', 'POST /v1/proposals', { title: 'Root', files: [{ path: '/etc/passwd', content: 'x' }] }, '400 bad-request: body files.0.path: a path is relative, without . or .. parts => see /docs for what this address takes'],
  ['a file inside .git', 'POST /v1/proposals', { title: 'Hooks', files: [{ path: '.git/hooks/post-merge', content: 'x' }] }, '400 bad-request: body files.0.path: a path is relative, without . or .. parts => see /docs for what this address takes'],
  ['a file and a folder of one name', 'POST /v1/proposals', { title: 'Twice', files: [{ path: 'nets/a/b.yaml', content: 'x' }, { path: 'nets/a/b.yaml/c.yaml', content: 'x' }] }, '400 bad-path: nets/a/b.yaml would be a file and a folder => Give one of the two another name.'],
  ['a file twice', 'POST /v1/proposals', { title: 'Twice', files: [{ path: 'nets/a/b.yaml', content: 'x' }, { path: 'nets/a/b.yaml', content: 'y' }] }, '400 bad-path: nets/a/b.yaml stands twice in the change => Name each file once.'],
  ['a comment of nothing', 'POST /v1/proposals/1/comments', { comment: '' }, '400 bad-request: body comment: it must not be empty => see /docs for what this address takes'],
  ['a merge of what is merged', 'POST /v1/proposals/1/merge', {}, '409 proposal-not-open: proposal 1 is merged => Undo it with: agenticos revert 1.'],
  ['a merge of what is not there', 'POST /v1/proposals/99/merge', {}, '404 not-found: there is no proposal 99 => List them: agenticos get proposals.'],
  ['an approval of what is merged', 'POST /v1/proposals/1/approve', {}, '409 proposal-not-open: proposal 1 is merged => Undo it with: agenticos revert 1.'],
  ['a target in capitals', 'POST /v1/lifecycle', { target: 'Bad', state: 'stopped' }, '400 bad-request: body target: write *, session, session/net or session/net/transition => see /docs for what this address takes'],
  ['a target of four parts', 'POST /v1/lifecycle', { target: 'bad/n/never/more', state: 'stopped' }, '400 bad-request: body target: write *, session, session/net or session/net/transition => see /docs for what this address takes'],
  ['a target that is not there', 'POST /v1/lifecycle', { target: 'bad/n/nevr', state: 'stopped' }, '404 not-found: there is no transition bad/n/nevr => did you mean bad/n/never? agenticos get transitions bad/n lists what there is'],
  ['a state that is none', 'POST /v1/lifecycle', { target: 'bad', state: 'paused' }, '400 bad-request: body state: it must be one of running, stopped => see /docs for what this address takes'],
  ['a transition that is not there', 'POST /v1/sessions/bad/nets/n/transitions/nevr/fire', {}, '404 not-found: there is no transition bad/n/nevr => did you mean bad/n/never? agenticos get transitions bad/n lists what there is'],
  ['a transition that nothing enables', 'POST /v1/sessions/bad/nets/n/transitions/never/fire', {}, '409 nothing-binds: nothing in the marking enables n/never now => see its inputs: agenticos describe bad/n/never'],
  ['a token to move that is none', 'POST /v1/sessions/bad/tokens/move', { tokens: ['1'], to: 'n/done' }, '400 bad-request: body tokens.0: a token id looks like 1234-0 => see /docs for what this address takes'],
  ['tokens of nobody to move', 'POST /v1/sessions/bad/tokens/move', { tokens: [], to: 'n/done' }, '400 bad-request: body tokens: it must not be empty => see /docs for what this address takes'],
  ['a place to move to that is not there', 'POST /v1/sessions/bad/tokens/move', { tokens: ['1-0'], to: 'n/dona' }, '404 not-found: there is no place bad/n/dona => did you mean bad/n/done? agenticos get places bad/n lists what there is'],
  ['a place to move to that sends', 'POST /v1/sessions/bad/tokens/move', { tokens: ['1-0'], to: 'n/away' }, '409 conflict: place bad/n/away sends to quiet/other/anything and holds no tokens itself => put the token there: agenticos put quiet/other/anything'],
  ['a token to remove that is gone', 'POST /v1/sessions/bad/tokens/remove', { tokens: ['999999-0'] }, '404 no-such-token: session bad holds no token 999999-0 => see: agenticos get tokens bad'],
  ['a dead letter that is none', 'POST /v1/sessions/bad/dead/999999-0', { verb: 'retry' }, '404 no-such-token: session bad holds no token 999999-0 => see: agenticos get tokens bad'],
  ['a verb that dead letters do not know', 'POST /v1/sessions/bad/dead/1-0', { verb: 'burn' }, '400 bad-request: body verb: it must be one of retry, drop => see /docs for what this address takes'],
  ['an access token without a scope', 'POST /v1/access', { name: 'x' }, '400 bad-request: body scopes: an api token needs one scope at least => give a role, or some of read, put, operate, propose, approve, merge, admin'],
  ['an access token with a scope of its own', 'POST /v1/access', { name: 'x', scopes: ['root'] }, '400 bad-request: body scopes.0: it must be one of read, put, operate, propose, approve, merge, admin => see /docs for what this address takes'],
  ['a bootstrap token with scopes', 'POST /v1/access', { name: 'x', kind: 'bootstrap', scopes: ['admin'] }, '400 bad-request: body scopes: a bootstrap token has none, it only registers executors => leave scopes, role and agent out'],
  ['an access token that ended before it began', 'POST /v1/access', { name: 'x', scopes: ['read'], expiresInDays: -1 }, '400 bad-request: body expiresInDays: it must be more than 0 => see /docs for what this address takes'],
  ['an access token with a line end in its name', 'POST /v1/access', { name: 'x\ny', scopes: ['read'] }, '400 bad-request: body name: a name is printable ASCII => see /docs for what this address takes'],
  ['a scratch session in capitals', 'POST /v1/scratch/Mine', { files: [] }, '400 bad-request: address scratch: a name is a lower-case letter, then up to 62 letters, digits or hyphens => see /docs for what this address takes'],
  ['a body for which there is no key', 'POST /v1/reconcile', { suspend: true, resume: false }, '400 bad-request: body: there is no key "resume" => the keys here are suspend'],
  ['a suspension that is a text', 'POST /v1/reconcile', { suspend: 'yes' }, '400 bad-request: body suspend: it must be true or false => see /docs for what this address takes'],
]

/** What it is, the kind of body, the body, the answer of a stop to it. */
const KINDS: readonly (readonly [string, string, string, string])[] = [
  ['a form', 'application/x-www-form-urlencoded', 'target=bad&state=stopped', '415 wrong-media-type: a body of the kind "application/x-www-form-urlencoded" is not read here => send content-type application/json'],
  ['YAML', 'application/yaml', 'target: bad', '415 wrong-media-type: a body of the kind "application/yaml" is not read here => send content-type application/json'],
  ['lines, where one object goes', 'application/x-ndjson', '{"target":"bad","state":"stopped"}', '400 bad-request: body: it must be an object => see /docs for what this address takes'],
  ['a kind that is none', 'json', '{}', '415 wrong-media-type: a body of the kind "json" is not read here => send content-type application/json'],
  ['no body', 'application/json', '', '400 bad-request: body: it must be an object => see /docs for what this address takes'],
  ['half an object', 'application/json', '{"target":"bad"', '400 bad-json: body: the end stands where a comma or } is expected (at character 16) => texts stand in double quotes, numbers, true, false and null bare'],
  ['two objects', 'application/json', '{"target":"bad","state":"stopped"}{}', '400 bad-json: body: there is "{" after the JSON value (at character 35) => send one JSON value'],
  ['a comment', 'application/json', '{"target":"bad"/* all of it */}', '400 bad-json: body: "/" stands where a comma or } is expected (at character 16) => texts stand in double quotes, numbers, true, false and null bare'],
  ['a list', 'application/json', '["bad"]', '400 bad-request: body: it must be an object => see /docs for what this address takes'],
  ['a key twice', 'application/json', '{"target":"bad","state":"running","state":"stopped"}', '400 bad-json: body: the key "state" stands twice (at character 35) => keep one of the two'],
  ['__proto__', 'application/json', '{"target":"bad","state":"stopped","__proto__":{"now":true}}', '400 bad-request: body: there is no key "__proto__" => the keys here are target, state, now, shift, reason'],
  ['more than 64 KiB', 'application/json', `{"target":"bad","state":"stopped","reason":"${'x'.repeat(70_000)}"}`, '413 too-large: the body is larger than the 65536 bytes that are read here => send less at once; large data belongs in a file that a command reads'],
]
/** What it is, the bytes, the first line and the body that come back. */
const WIRE: readonly (readonly [string, string, string])[] = [
  ['a version of HTTP to come', 'GET / HTTP/9.9\r\n\r\n', 'HTTP/1.1 400 The request is not understood {"type":"urn:agenticos:error:bad-request","title":"The request is not understood","status":400,"code":"bad-request","detail":"this is no HTTP request","remedy":"send HTTP/1.1"}'],
  ['bytes of something else', '\u0016\u0003\u0001\u0002', 'HTTP/1.1 400 The request is not understood {"type":"urn:agenticos:error:bad-request","title":"The request is not understood","status":400,"code":"bad-request","detail":"this is no HTTP request","remedy":"send HTTP/1.1"}'],
  ['a length below nothing', 'POST /v1/lifecycle HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n', 'HTTP/1.1 400 The request is not understood {"type":"urn:agenticos:error:bad-request","title":"The request is not understood","status":400,"code":"bad-request","detail":"this is no HTTP request","remedy":"send HTTP/1.1"}'],
  ['two lengths', 'POST /v1/lifecycle HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n', 'HTTP/1.1 400 The request is not understood {"type":"urn:agenticos:error:bad-request","title":"The request is not understood","status":400,"code":"bad-request","detail":"this is no HTTP request","remedy":"send HTTP/1.1"}'],
  ['a length beside chunks', 'POST /v1/lifecycle HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n', 'HTTP/1.1 400 The request is not understood {"type":"urn:agenticos:error:bad-request","title":"The request is not understood","status":400,"code":"bad-request","detail":"this is no HTTP request","remedy":"send HTTP/1.1"}'],
  ['an address of 100,000 letters', 'GET /LONG HTTP/1.1\r\nHost: x\r\n\r\n', 'HTTP/1.1 431 The request is not understood {"type":"urn:agenticos:error:bad-request","title":"The request is not understood","status":431,"code":"bad-request","detail":"the address and headers are over 16 KiB","remedy":"put long things into the body"}'],
]
/** What it is, the Authorization header or none, the request, the answer. */
const CALLERS: readonly (readonly [string, string, string])[] = [
  ['no access token', '', '401 unauthenticated: no access token came with the request => send the header "Authorization: Bearer ant_..."; agenticos token create makes one, the first lies in <data directory>/admin-token'],
  ['a token of another house', 'Bearer ghp_0123456789abcdef', '401 unauthenticated: the access token is not known here => send the header "Authorization: Bearer ant_..."; agenticos token create makes one, the first lies in <data directory>/admin-token'],
  ['the right name with a wrong secret', 'Bearer WRONG', '401 unauthenticated: the access token is not known here => send the header "Authorization: Bearer ant_..."; agenticos token create makes one, the first lies in <data directory>/admin-token'],
  ['half a token', 'Bearer ant_', '401 unauthenticated: the access token is not known here => send the header "Authorization: Bearer ant_..."; agenticos token create makes one, the first lies in <data directory>/admin-token'],
  ['a token in a scheme that is none', 'Token ADMIN', '401 unauthenticated: no access token came with the request => send the header "Authorization: Bearer ant_..."; agenticos token create makes one, the first lies in <data directory>/admin-token'],
  ['a token in the address', 'QUERY', '401 unauthenticated: no access token came with the request => send the header "Authorization: Bearer ant_..."; agenticos token create makes one, the first lies in <data directory>/admin-token'],
  ['a token that was revoked', 'Bearer REVOKED', '401 unauthenticated: the access token revoked was revoked => send the header "Authorization: Bearer ant_..."; agenticos token create makes one, the first lies in <data directory>/admin-token'],
  ['a token that has ended', 'Bearer EXPIRED', '401 unauthenticated: the access token expired has expired => send the header "Authorization: Bearer ant_..."; agenticos token create makes one, the first lies in <data directory>/admin-token'],
  ['a bootstrap token', 'Bearer BOOTSTRAP', '403 forbidden: token bootstrap lacks the scope operate; it has none => use a token with the scope operate: agenticos token create NAME --scope operate'],
  ['a token that may only read, for a stop', 'Bearer READER', '403 forbidden: token reader lacks the scope operate; it has read => use a token with the scope operate: agenticos token create NAME --scope operate'],
  ['a token for another session', 'Bearer ELSEWHERE', '403 forbidden: token elsewhere may not touch session bad; it covers quiet => use a token whose sessions cover it: agenticos token create --session NAME'],
]

describe('addresses that are nowhere, or nothing', () => {
  test.each(ADDRESSES)('%s | %s', async (_, request, expected) => expect(await river.ask(request)).toBe(expected))
})

describe('queries that are not understood', () => {
  test.each(QUERIES)('%s | %s', async (_, request, expected) => expect(await river.ask(request)).toBe(expected))
})

describe('bodies that cannot be done', () => {
  test.each(BODIES)('%s | %s', async (_, request, body, expected) => expect(await river.send(request, body)).toBe(expected))
})

describe('bodies that cannot be read', () => {
  test.each(KINDS)('%s | %s', async (_, type, body, expected) => expect(await river.ask('POST /v1/lifecycle', { body, headers: { 'content-type': type } })).toBe(expected))
})

describe('callers that may not', () => {
  const tokens = new Map<string, string>()
  beforeAll(async () => {
    const made = async (name: string, body: object) => {
      const { id, token } = await river.client.call(API.createAccess, { body: { name: name.toLowerCase(), ...body } as never })
      tokens.set(name, token)
      return id
    }
    tokens.set('ADMIN', river.token).set('WRONG', `${river.token.slice(0, -4)}AAAA`)
    await river.client.call(API.revokeAccess, { params: { id: await made('REVOKED', { scopes: ['read'] }) } })
    const expired = await made('EXPIRED', { scopes: ['read'] })
    await river.db.query(`update runtime.access_tokens set expires_at = now() - interval '1 second' where id = $1`, [expired])
    await made('BOOTSTRAP', { kind: 'bootstrap' })
    await made('READER', { scopes: ['read'] })
    await made('ELSEWHERE', { scopes: ['operate'], sessions: ['quiet'] })
  })
  test.each(CALLERS)('%s | %s', async (_, header, expected) => {
    const authorization = header.replace(/[A-Z]{5,}/, (name) => tokens.get(name) ?? name)
    const init = { body: JSON.stringify({ target: 'bad', state: 'stopped' }), headers: { 'content-type': 'application/json', ...(header.startsWith('QUERY') ? {} : { authorization }) } }
    expect(await river.ask(`POST /v1/lifecycle${header === 'QUERY' ? `?token=${river.token}` : ''}`, init, '')).toBe(expected)
  })
})

describe('what is no HTTP', () => {
  test.each(WIRE)('%s | %j', async (_, bytes, expected) => {
    const said = await new Promise<string>((resolve) => {
      let text = ''
      const socket = connect(Number(new URL(river.url).port), '127.0.0.1', () => socket.write(bytes.replace('LONG', 'a'.repeat(100_000))))
      socket.setEncoding('utf8').on('data', (part: string) => { text += part })
      socket.on('error', () => resolve(text)).on('close', () => resolve(text))
    })
    const [head = '', body = ''] = said.split('\r\n\r\n')
    expect(`${head.split('\r\n')[0]} ${body}`).toBe(expected)
  })
})
