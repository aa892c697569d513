// Promise G, command lines: what is typed, the exit code, and exactly what comes on standard error (and out, of doctor and convert).
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startAttacked, unharmed, type Attacked } from '../../support/attacked.js'
import { packageRoot } from '../../../controller/package-root.js'
import { freePort } from '../../support/processes.js'
import { run } from '../../support/river.js'

const NET_WITH_AN_ERROR = `apiVersion: agenticos.dev/v1
kind: Net
metadata: {name: n}
places: {todo: {category: task}, done: {category: task}}
transitions:
  work: {kind: pass, in: {x: todo}, out: {dome: {}}}
`
const folder = mkdtempSync(join(tmpdir(), 'agenticos-typed-'))
let river: Attacked
let free: number
beforeAll(async () => {
  river = await startAttacked()
  free = await freePort()
  for (const name of ['bad', 'empty', 'Odd']) mkdirSync(join(folder, name))
  writeFileSync(join(folder, 'bad/n.yaml'), NET_WITH_AN_ERROR)
  writeFileSync(join(folder, 'lines'), '{"id": 7}\n{"id": 7}\n')
  writeFileSync(join(folder, 'latin'), Buffer.from('{"text":"caf\xe9"}', 'latin1'))
  writeFileSync(join(folder, 'half.yaml'), 'kind: [')
  writeFileSync(join(folder, 'session.yaml'), 'apiVersion: agenticos.dev/v1\nkind: Session\nmetadata: {name: bad}\n')
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await unharmed(river)
})

/** What it is, what is typed, then `exit code error | the command to try`. */
const TYPED: readonly (readonly [string, string, string])[] = [
  ['a command that is nearly one', 'gte nets', `2 error: unknown command 'gte' | try:   Did you mean get?`],
  ['a command that is none', 'frobnicate', `2 error: unknown command 'frobnicate' | try:   agenticos help lists the commands; agenticos help COMMAND tells its options`],
  ['an option that is nearly one', 'get nets --ouput json', `2 error: unknown option '--ouput' | try:   Did you mean --output?`],
  ['a form of output that is none', 'get nets -o xml', `2 error: option '-o, --output <format>' argument 'xml' is invalid. Allowed choices are table, wide, json, yaml, name. | try:   agenticos help lists the commands; agenticos help COMMAND tells its options`],
  ['a kind that is nearly one', 'get netz', '2 error: there is no kind netz to get | try:   agenticos get nets; the kinds are sessions, nets, places, transitions, tokens, firings, effects, failed, poison, executors, proposals, drafts, budgets, models, revisions, events'],
  ['no kind', 'get', `2 error: missing required argument 'kind' | try:   agenticos help lists the commands; agenticos help COMMAND tells its options`],
  ['too many words', 'get nets bad more', `2 error: too many arguments for 'get'. Expected 2 arguments but got 3. | try:   agenticos help lists the commands; agenticos help COMMAND tells its options`],
  ['a condition where none goes', 'get nets --where $.a==1', '2 error: get nets takes no --where | try:   agenticos help get; it takes --limit'],
  ['a limit in words', 'get nets --limit many', '2 error: --limit is "many", and it must be a whole number from 1 on | try:   write --limit 10'],
  ['a name in capitals', 'get nets Bad', '2 error: "Bad": "Bad" is no name (a lower-case letter, then letters, digits or hyphens) | try:   write SESSION or SESSION/NET'],
  ['a name of too few parts', 'put bad/n {}', '2 error: "bad/n" has 2 parts, and SESSION/NET/PLACE is wanted | try:   write SESSION/NET/PLACE; agenticos get nets -o name lists names'],
  ['a name of too many parts', 'describe bad/n/never/more', '2 error: "bad/n/never/more" has 4 parts, and SESSION, SESSION/NET or SESSION/NET/ELEMENT is wanted | try:   write SESSION, SESSION/NET or SESSION/NET/ELEMENT; agenticos get nets -o name lists names'],
  ['a session that is not there', 'get places bed', '1 error: there is no session bed | try:   did you mean bad? agenticos get sessions lists what there is'],
  ['a place that is not there', 'put bad/n/inbux {"text":"x"}', '1 error: there is no place bad/n/inbux | try:   did you mean bad/n/inbox? agenticos get places bad/n lists what there is'],
  ['a token that is no JSON', 'put bad/n/inbox {text:x}', '2 error: the data cannot be a token: "text" stands where a key in double quotes is expected (at character 2) | try:   texts stand in double quotes, numbers, true, false and null bare'],
  ['a token with a number that no double carries', 'put bad/n/inbox {"n":12345678901234567890}', '2 error: the data cannot be a token: the number 12345678901234567890 would change in a double (at character 6) | try:   send it as text'],
  ['a token that does not fit', 'put bad/n/inbox {"txt":"x"}', '1 error: the token does not fit the schema of n/inbox: $ has no "text", which is required (it has "txt") | try:   send a token that fits; agenticos describe of the place shows its schema'],
  ['a token too many', 'put bad/n/full {}', '1 error: n/full is full: its capacity is 1 | try:   wait until some are consumed, or raise capacity by a proposal'],
  ['a token twice, as JSON and as a file', 'put bad/n/inbox {} -f lines', `2 error: the data was given twice, as JSON and as --file | try:   agenticos put bad/n/inbox '{"text": "hello"}'`],
  ['a file that is not there', 'put bad/n/inbox -f nowhere', `2 error: the input cannot be read: ENOENT: no such file or directory, open 'HERE/nowhere' | try:   give a file of UTF-8 text that is there`],
  ['lines of a file that is not there', 'put bad/n/inbox --lines -f nowhere', `2 error: nowhere cannot be read: ENOENT: no such file or directory, open 'HERE/nowhere' | try:   name a file that is there`],
  ['a file that is not UTF-8', 'put bad/n/inbox -f latin', '2 error: the input cannot be read: The encoded data was not valid for encoding utf-8 | try:   give a file of UTF-8 text that is there'],
  ['ArcQL that is none', 'get tokens bad/n/inbox --where $.text=1', '1 error: query where: = is no operator (at character 7 of "$.text=1") | try:   write == to compare'],
  ['no tokens to move', 'move bad/n/inbox done', '2 error: no tokens are named | try:   agenticos move bad/n/inbox done ID..., or --where CONDITION, or --all'],
  ['a token id that is none', 'move bad/n/inbox done first', '2 error: "first" is no token id | try:   a token id looks like 1234-0; agenticos get tokens bad/n/inbox'],
  ['a token that is not there', 'remove bad/n/inbox 999999-0', '1 error: session bad holds no token 999999-0 | try:   see: agenticos get tokens bad'],
  ['a move into another session', 'move bad/n/inbox quiet/other/ready 1-0', '2 error: quiet/other/ready lies in another session; tokens move inside one | try:   put them there: agenticos get tokens ... -o json, then agenticos put quiet/other/ready'],
  ['a stop of nothing', 'stop', '2 error: nothing was named to stop | try:   agenticos stop SESSION[/NET[/TRANSITION]], or agenticos stop --all for everything'],
  ['a stop of what is not there', 'stop bad/n/nevr', '1 error: there is no transition bad/n/nevr | try:   did you mean bad/n/never? agenticos get transitions bad/n lists what there is'],
  ['a firing that nothing enables', 'fire bad/n/never', '1 error: nothing in the marking enables n/never now | try:   see its inputs: agenticos describe bad/n/never'],
  ['a firing of what is not there', 'fire bad/n/nevr', '1 error: there is no transition bad/n/nevr | try:   did you mean bad/n/never? agenticos get transitions bad/n lists what there is'],
  ['a retry of nothing', 'retry bad', '2 error: which dead letters of bad? | try:   agenticos retry bad/ID, or agenticos retry bad --all; agenticos get failed bad lists them'],
  ['a dead letter that is not there', 'drop bad 999999-0', '1 error: session bad holds no token 999999-0 | try:   see: agenticos get tokens bad'],
  ['a replay at noon', 'replay bad --at noon', '2 error: "noon" is no event number and no time | try:   write --at 1234, --at 2026-01-31T12:00:00Z or --at 10m'],
  ['a replay at an event to come', 'replay bad --at 99999', '1 error: session bad has N events, and event 99999 is not among them | try:   agenticos replay without --at shows the marking now'],
  ['a wait for nothing', 'wait bad', '2 error: what is waited for? | try:   agenticos wait bad --quiet, --ready or --merged'],
  ['a wait for two things', 'wait bad --quiet --ready', `2 error: option '--quiet' cannot be used with option '--ready' | try:   agenticos help lists the commands; agenticos help COMMAND tells its options`],
  ['a wait until soon', 'wait bad --quiet --timeout soon', '2 error: --timeout is "soon", and it must be a span | try:   write --timeout 30s, --timeout 5m or --timeout 2h'],
  ['a proposal that is no number', 'merge first', '2 error: "first" is no proposal | try:   write its number; agenticos get proposals lists them'],
  ['a proposal that is not there', 'merge 99', '1 error: there is no proposal 99 | try:   List them: agenticos get proposals.'],
  ['a merge of what is merged', 'merge 1', '1 error: proposal 1 is merged | try:   Undo it with: agenticos revert 1.'],
  ['a revert of what is not merged', 'revert 99', '1 error: there is no proposal 99 | try:   List them: agenticos get proposals.'],
  ['a proposal of nothing', 'propose', '2 error: propose takes a folder or file, or --branch | try:   agenticos propose DIR -t "what it changes", or agenticos propose --branch NAME'],
  ['a proposal of a folder without nets', 'propose empty', '2 error: empty holds no net files | try:   name a folder with *.yaml or *.pnml nets, or one with nets/<session>/'],
  ['a proposal of a folder that is not there', 'propose nowhere', '2 error: there is no nowhere | try:   name a folder or file that is there'],
  ['a proposal of a branch that was not pushed', 'propose --branch my-change', '1 error: there is no branch my-change in the net repository | try:   Push it first: git push origin HEAD:my-change.'],
  ['a folder whose name is none', 'propose Odd', '2 error: which session does Odd belong to? "Odd" is no name | try:   give it: --session NAME'],
  ['a diff of what is not there', 'diff nowhere', '2 error: there is no nowhere | try:   name a folder or file that is there'],
  ['a diff of half a range', 'diff main..', '2 error: main.. names no second commit | try:   write COMMIT..COMMIT'],
  ['a net with an error', 'doctor bad', '2 bad/n.yaml:4:34 warning No arc leads to done or from it. [unreachable-place] | Join it to a transition with in or out, share it from another net, or remove it. | bad/n.yaml:6:43 error There is no place dome in this net. [dangling-arc] | Did you mean done? Else add dome under places. | bad (1 file): 1 error, 1 warning'],
  ['a net that is no YAML', 'doctor half.yaml --session bad', '2 half.yaml:1:8 error Flow sequence in block collection must be sufficiently indented and end with a ] [yaml-syntax] | see yaml.org/spec/1.2.2, or quote the text | half.yaml: 1 error'],
  ['a file that is not there to be checked', 'doctor nowhere.yaml', '2 error: there is no nowhere.yaml | try:   name a folder or file that is there'],
  ['a conversion of what is no net', 'convert lines --to pnml', '2 lines:1:1 error the file is neither .yaml nor .pnml [unknown-format] | give it one of those endings'],
  ['a conversion into nothing', 'convert bad/n.yaml', `2 error: required option '--to <form>' not specified | try:   agenticos help lists the commands; agenticos help COMMAND tells its options`],
  ['a conversion into what is no form', 'convert bad/n.yaml --to xml', `2 error: option '--to <form>' argument 'xml' is invalid. Allowed choices are yaml, pnml. | try:   agenticos help lists the commands; agenticos help COMMAND tells its options`],
  ['a conversion of a session', 'convert session.yaml --to pnml', '2 error: session.yaml describes a Session, and only nets have a PNML form | try:   name a net file'],
  ['a scope that is nearly one', 'token create ci --scope raed', '2 error: there is no scope raed | try:   --scope read; the scopes are read, put, operate, propose, approve, merge, admin'],
  ['an access token without a scope', 'token create ci', '2 error: an api token needs a scope or a role | try:   agenticos token create ci --scope read, or --role rw'],
  ['an access token that ends soon', 'token create ci --scope read --expires soon', '2 error: --expires is "soon", and it must be a span | try:   write --expires 30s, --expires 5m or --expires 2h'],
  ['an access token that is not there', 'token revoke nobody', '1 error: there is no access token nobody | try:   agenticos token list lists what there is'],
  ['a server that is no address', 'status --server here', '2 error: "here" is no address of a server | try:   write one like http://127.0.0.1:7420'],
  ['a server with a password in its address', 'status --server http://me:secret@127.0.0.1:9', '2 error: the address of the server carries a user or password | try:   give the token by AGENTICOS_TOKEN'],
  ['a server that is not there', 'status --server http://127.0.0.1:FREE', '1 error: no answer from http://127.0.0.1:FREE: connect ECONNREFUSED 127.0.0.1:FREE | try:   start the controller with "agenticos up", or name the right one with --server (this one came from --server)'],
  ['a token that nobody knows', 'status --token ant_x_y', '1 error: the access token is not known here | try:   set AGENTICOS_TOKEN to one that works; who holds one with the scope admin makes others: agenticos token create NAME --scope read'],
  ['a shell that is none', 'completion tcsh', `2 error: command-argument value 'tcsh' is invalid for argument 'shell'. Allowed choices are bash, zsh. | try:   agenticos help lists the commands; agenticos help COMMAND tells its options`],
]

describe('what is typed in vain', () => {
  test.concurrent.each(TYPED)('%s | agenticos %s', async (_, typed, expected) => {
    const { code, out, err } = await run(process.execPath, [join(packageRoot(), 'dist/cli/main.js'), ...typed.replace('FREE', String(free)).split(' ')], {
      cwd: folder, env: { PATH: process.env['PATH'], HOME: folder, AGENTICOS_DATA_DIR: river.dataDir, NO_COLOR: '1' },
    })
    const said = `${out}${err}`.trim().replace(/\s*\n\s*/g, ' | ').replaceAll(river.dataDir, 'DATA').replaceAll(folder, 'HERE').replaceAll(`:${free}`, ':FREE').replace(/has \d+ events/, 'has N events')
    expect(`${code} ${said}`).toBe(expected)
  })
})
