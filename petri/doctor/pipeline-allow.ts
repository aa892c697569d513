import { isObject, type Json } from '../json.js'
import { nearest } from '../nearest.js'
import type { Flaw, Rule } from './rule.js'

/** Programs that start programs or write files, so that a list of allowed ones would allow everything. The executor refuses these and more. */
const LONG_FORM: ReadonlySet<string> = new Set([
  'sh', 'bash', 'dash', 'zsh', 'env', 'xargs', 'sudo', 'ssh', 'curl', 'wget', 'python', 'python3', 'perl', 'ruby', 'node', 'awk', 'gawk', 'make', 'find', 'tee', 'dd', 'cp', 'mv', 'rm', 'tar', 'git', 'docker', 'kubectl',
])

export const pipelineAllow: Rule = {
  code: 'pipeline-allow',
  level: 'error',
  explanation: 'A pipeline has no `allow`, or holds a program, option or path that the executor refuses in a pipeline.',
  *check({ net }): Iterable<Flaw> {
    for (const transition of Object.values(net.transitions)) {
      if (transition.kind !== 'command' || !isObject(transition.action ?? undefined)) continue
      const { pipeline, allow } = transition.action as { pipeline?: readonly (readonly Json[])[]; allow?: Readonly<Record<string, readonly string[] | null>> }
      if (pipeline === undefined) continue
      const path = ['transitions', transition.name, 'do']
      if (!allow) {
        yield {
          path: [...path, 'pipeline'],
          message: 'The pipeline does not say which programs it may run.',
          remedy: 'Add allow: [grep, wc], or {grep: [-c, -i]} with the options each may have.',
        }
        continue
      }
      for (const program of Object.keys(allow)) {
        if (LONG_FORM.has(program)) yield {
          path: [...path, 'allow'],
          message: `${program} starts programs, writes files or reaches outside, so no pipeline may run it.`,
          remedy: 'Write that command as argv or script, which no model writes.',
        }
      }
      for (const [index, words] of pipeline.entries()) yield* stage(words, allow, [...path, 'pipeline', index])
    }
  },
}

function* stage([program, ...args]: readonly Json[], allow: Readonly<Record<string, readonly string[] | null>>, path: Flaw['path']): Iterable<Flaw> {
  const name = fixed(program)
  if (name !== undefined && !Object.hasOwn(allow, name)) {
    const near = nearest(name, Object.keys(allow))
    yield {
      path: [...path, 0],
      message: name.includes('/') ? `${name} is a path; a pipeline names programs only.` : `${name} is not among the programs that allow names.`,
      remedy: name.includes('/') ? `Write ${name.slice(name.lastIndexOf('/') + 1)}; the executor finds it.` : near ? `Did you mean ${near}? Else add it to allow.` : `Add ${name} to allow.`,
    }
  }
  const options = name !== undefined && Object.hasOwn(allow, name) ? allow[name]! : null
  const end = args.indexOf('--')
  for (const [index, word] of args.entries()) {
    const text = fixed(word)
    if (text === undefined) continue
    const at = [...path, index + 1]
    const plain = text.startsWith('-') ? (text.includes('=') ? text.slice(text.indexOf('=') + 1) : '') : text
    if (plain.startsWith('/') || plain.split('/').includes('..')) yield {
      path: at,
      message: `${text} leads outside the directory that the pipeline sees.`,
      remedy: 'Name a file inside dir, relative to it.',
    }
    if (options && text.length > 1 && text.startsWith('-') && (end < 0 || index < end) && !isListed(text, options)) {
      yield {
        path: at,
        message: `${text} is not among the options of ${name} that allow names.`,
        remedy: `Add it to allow: {${name}: [...]}, or leave it out.`,
      }
    }
  }
}

/** A word without data in it, as text. */
function fixed(word: Json | undefined): string | undefined {
  if (typeof word === 'string') return word.includes('${') ? undefined : word
  return typeof word === 'number' || typeof word === 'boolean' ? String(word) : undefined
}

/** `-ci` is -c and -i; `-n5` and `-5` are -n with a number; of `--name=value` the name counts. */
function isListed(word: string, options: readonly string[]): boolean {
  if (options.includes(word)) return true
  if (word.startsWith('--')) return options.includes(word.split('=', 1)[0]!)
  if (/^-\d+$/.test(word)) return options.includes('-n')
  if (/^-[A-Za-z][+-]?\d+$/.test(word)) return options.includes(word.slice(0, 2))
  return [...word.slice(1)].every((letter) => options.includes(`-${letter}`))
}
