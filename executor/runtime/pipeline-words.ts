import { realpathSync } from 'node:fs'
import { isAbsolute, join, basename } from 'node:path'
import { isInside } from './folder.js'

/** Programs that start programs, write files or reach outside by themselves: they need `argv` or `script`, which a person writes. */
const REFUSED = new Set([
  'sh', 'bash', 'dash', 'zsh', 'ksh', 'fish', 'csh', 'tcsh', 'busybox', 'env', 'xargs', 'parallel', 'nohup', 'setsid', 'timeout', 'nice', 'time', 'watch', 'sudo', 'su',
  'doas', 'chroot', 'unshare', 'nsenter', 'ssh', 'scp', 'sftp', 'rsync', 'curl', 'wget', 'nc', 'ncat', 'netcat', 'socat', 'telnet', 'ftp', 'python', 'python2', 'python3',
  'perl', 'ruby', 'node', 'nodejs', 'deno', 'bun', 'php', 'lua', 'awk', 'gawk', 'mawk', 'nawk', 'make', 'find', 'tee', 'dd', 'cp', 'mv', 'rm', 'ln', 'mkdir', 'rmdir',
  'touch', 'install', 'truncate', 'shred', 'chmod', 'chown', 'split', 'csplit', 'tar', 'zip', 'unzip', 'vi', 'vim', 'nano', 'ed', 'ex', 'less', 'more', 'man', 'git',
  'docker', 'kubectl', 'systemctl', 'crontab', 'at', 'kill', 'pkill', 'killall', 'mount', 'umount', 'script', 'expect', 'gdb', 'strace', 'ld', 'gcc', 'cc',
])

/** Options by which otherwise harmless programs write a file, start a program or read a list of files. */
const REFUSED_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  sort: ['-o', '--output', '--compress-program', '-T', '--temporary-directory', '--files0-from'],
  sed: ['-i', '--in-place', '-f', '--file', '-s'],
  grep: ['-f', '--file', '--exclude-from'], egrep: ['-f', '--file'], fgrep: ['-f', '--file'],
  wc: ['--files0-from'], du: ['--files0-from'], jq: ['-f', '--from-file', '-L', '--slurpfile', '--rawfile', '--argfile'],
  rg: ['--pre', '-f', '--file', '--ignore-file'], zgrep: ['-f'], date: ['-s', '--set', '-f', '--file'], tail: ['--pid'],
}

/** Why a stage of a pipeline may not run; undefined when it may. `dir` has its links resolved; `hidden` is closed inside it. */
export function refuseStage(stage: readonly string[], allow: Readonly<Record<string, readonly string[] | null>>, dir: string, hidden?: string): string | undefined {
  const [program = '', ...args] = stage
  if (program !== basename(program)) return `program ${program} is a path; a pipeline names programs only`
  if (!Object.hasOwn(allow, program)) return `program ${program} is not allowed here; allowed are: ${Object.keys(allow).join(', ') || 'none'}`
  if (REFUSED.has(program.replace(/[\d.]+$/, '')) || REFUSED.has(program)) return `program ${program} starts programs, writes files or reaches outside; write it as argv or script`
  const options = allow[program] ?? null
  let ended = false
  for (const [at, word] of args.entries()) {
    if (!ended && word === '--') {
      ended = true
      continue
    }
    const why = !ended && word.startsWith('-') && word !== '-' ? refuseOption(program, word, options) : undefined
    if (why !== undefined) return why
    const path = refusePath(valueOf(word, ended), dir, hidden)
    if (path !== undefined) return `argument ${at + 1} of ${program}: ${path}`
  }
  if (program === 'sed' && args.some((word) => /(^|[;{}\d$/!]|\s)\s*[wWerR]\s*\S|\/[gpiIm\d]*[ew]/.test(word))) {
    return 'this sed program reads or writes files or runs commands; write it as argv'
  }
  return undefined
}

function refuseOption(program: string, word: string, options: readonly string[] | null): string | undefined {
  const name = word.startsWith('--') ? word.split('=', 1)[0]! : word
  const refused = Object.hasOwn(REFUSED_OPTIONS, program) ? REFUSED_OPTIONS[program]! : []
  const hit = refused.find((one) => (one.startsWith('--') ? name.length > 2 && one.startsWith(name) : !name.startsWith('--') && letters(name).includes(one[1]!)))
  if (hit !== undefined) return `option ${word} of ${program} reads or writes files or starts programs; write it as argv`
  if (options === null || isListed(name, options)) return undefined
  return `option ${word} of ${program} is not allowed here; allowed are: ${options.join(' ') || 'none'}`
}

/** `-ci` is -c and -i; `-n5` and `-5` are -n with a number. */
function isListed(name: string, options: readonly string[]): boolean {
  if (options.includes(name)) return true
  if (name.startsWith('--')) return false
  if (/^-\d+$/.test(name)) return options.includes('-n')
  if (/^-[A-Za-z][+-]?\d+$/.test(name)) return options.includes(name.slice(0, 2))
  return letters(name).every((letter) => options.includes(`-${letter}`))
}

function letters(name: string): string[] {
  return [...name.slice(1)]
}

/** What of a word may be a path: after `=` of an option, else all of it. */
function valueOf(word: string, ended: boolean): string {
  if (ended || !word.startsWith('-')) return word
  const at = word.indexOf('=')
  return word.startsWith('--') ? (at === -1 ? '' : word.slice(at + 1)) : word.slice(2)
}

function refusePath(value: string, dir: string, hidden: string | undefined): string | undefined {
  if (isAbsolute(value)) return `${value} is an absolute path`
  if (value.split('/').includes('..')) return `${value} leads upwards`
  if (value.startsWith('~')) return `${value} begins with ~`
  try {
    const path = realpathSync(join(dir, value))
    if (!isInside(dir, path)) return `${value} leads to ${path}, outside of dir`
    if (hidden !== undefined && isInside(hidden, path)) return `${value} is the executor's own`
  } catch {
    // no file of that name: a pattern, a number, a field list
  }
  return undefined
}
