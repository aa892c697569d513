import { some, uses, type Task } from '../task.js'

/** Work done by programs; the fixture folder holds app.log. */
export const commanding: readonly Task[] = [
  {
    name: 'count-lines', net: 'counter',
    prompt: 'Net counter: a token {word} in `words` counts by grep how many lines of the file app.log in the folder {folder} hold that word, and puts {word, lines: the number} into `counts`. No shell; the word is data and must never become an option. None is 0 and no failure.',
    reference: `places:
  words: {category: task}
  counts: {category: task}
transitions:
  count:
    kind: command
    in: {w: words}
    do: {argv: [grep, -c, -F, '--regexp=\${w.word}', app.log], dir: '{folder}', expect: [0, 1]}
    out: {counts: {emit: {word: '\${w.word}', lines: '\${result.stdout | trim | parse}'}}}`,
    shape: [some('runs a program without a shell', (transition) => transition.kind === 'command' && transition.action?.['script'] === undefined)],
    runs: [{ put: { words: [{ word: 'ERROR' }, { word: 'nothing like it' }, { word: '-v' }] }, then: { words: [], counts: [{ word: 'ERROR', lines: 2 }, { word: 'nothing like it', lines: 0 }, { word: '-v', lines: 0 }] } }],
  },
  {
    name: 'last-lines', net: 'tail',
    prompt: 'Net tail: a token {n} in `asked` reads the last n lines of app.log in the folder {folder} with tail and puts them as a list {lines: [...]} into `shown`.',
    reference: `places:
  asked: {category: task, schema: {type: object, required: [n], properties: {n: {type: integer, minimum: 1, maximum: 1000}}}}
  shown: {category: task}
transitions:
  show:
    kind: command
    in: {a: asked}
    do: {argv: [tail, '--lines=\${a.n}', app.log], dir: '{folder}', parse: lines}
    out: {shown: {emit: {lines: '\${result.value}'}}}`,
    shape: [uses('command')],
    runs: [{ put: { asked: [{ n: 1 }] }, then: { asked: [], shown: [{ lines: ['2026-01-01 INFO bye'] }] } }],
  },
  {
    name: 'pipeline', net: 'busy',
    prompt: 'Net busy: a token in `go` finds how many lines of app.log in the folder {folder} say ERROR: with a pipeline of grep and wc, no shell. Put {errors: number} into `report`.',
    reference: `places:
  go: {category: task}
  report: {category: task}
transitions:
  count:
    kind: command
    in: {g: go}
    do: {pipeline: [[grep, ERROR, app.log], [wc, -l]], allow: {grep: [], wc: [-l]}, dir: '{folder}'}
    out: {report: {emit: {errors: '\${result.stdout | trim | parse}'}}}`,
    shape: [some('has a pipeline', (transition) => transition.kind === 'command' && transition.action?.['pipeline'] !== undefined)],
    runs: [{ put: { go: [{}] }, then: { go: [], report: [{ errors: 2 }] } }],
  },
  {
    name: 'env-not-splice', net: 'greet',
    prompt: 'Net greet: a token {name} in `names` runs a small shell script that prints "Hello, NAME" and puts {text} into `greetings`. Whatever the name holds, nothing of it may be run.',
    reference: `places:
  names: {category: task}
  greetings: {category: task}
transitions:
  greet:
    kind: command
    in: {n: names}
    do: {script: 'printf "Hello, %s" "$NAME"', env: {NAME: '\${n.name}'}}
    out: {greetings: {emit: {text: '\${result.stdout}'}}}`,
    shape: [uses('command')],
    runs: [{ put: { names: [{ name: 'Ada; echo pwned' }, { name: '$(id)' }] }, then: { names: [], greetings: [{ text: 'Hello, Ada; echo pwned' }, { text: 'Hello, $(id)' }] } }],
  },
]
