import { spawnSync } from 'node:child_process'
import { existsSync, lstatSync, mkdtempSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import type { Stage } from './process.js'
import { findProgram } from './wrapper.js'

// a. Inside are the system's programs and one folder, all read-only, an empty /tmp of its own, and no network.
// b. Made of what Linux gives an ordinary user: user, mount and network namespaces. Tried once at start, with a folder.

export interface Cage {
  /** the program of a stage must lie where the cage can show it */
  holds(file: string): boolean
  /** the same stage inside; `empty` is a folder of ours to build the cage over */
  around(stage: Stage, place: { readonly dir: string, readonly hidden?: string }, empty: string): Stage
}

/** Exit code of a cage that could not be built. */
export const CAGE_FAILED = 125

const SYSTEM = ['usr', 'bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32', 'nix', 'opt']
const FILES = ['etc/ld.so.cache', 'dev/null']
const FOLDERS = ['etc/alternatives']
const PATH = '/usr/bin:/bin:/usr/sbin:/sbin'

/** The cage, where this machine lets us build one. */
export function findCage(): Cage | undefined {
  const unshare = process.platform === 'linux' ? findProgram('unshare', PATH, '/') : undefined
  const shell = findProgram('sh', PATH, '/')
  if (unshare === undefined || shell === undefined) return undefined
  const script = scriptOf(unshare)
  const cage: Cage = {
    holds: (file) => SYSTEM.some((name) => realpathSync(file).startsWith(`/${name}/`)),
    around: ({ file, args }, { dir, hidden }, empty) => ({
      file: unshare,
      args: ['--map-root-user', '--mount', '--net', '--', shell, '-c', script, 'cage', empty, dir, hidden === undefined ? '' : join('dir', relative(dir, hidden)), file, ...args],
    }),
  }
  return works(cage) ? cage : undefined
}

function scriptOf(unshare: string): string {
  const present = SYSTEM.filter((name) => existsSync(`/${name}`))
  const links = present.filter((name) => lstatSync(`/${name}`).isSymbolicLink())
  const folders = [...present.filter((name) => !links.includes(name)), ...FOLDERS.filter((name) => existsSync(`/${name}`))]
  const files = FILES.filter((name) => existsSync(`/${name}`))
  const steps = [
    'mount -t tmpfs -o size=64m,mode=755 none "$1"', 'cd "$1"',
    `mkdir -p dir tmp etc dev ${folders.join(' ')}`,
    ...links.map((name) => `ln -s '${readlinkSync(`/${name}`)}' ${name}`),
    ...folders.map((name) => `mount --rbind -o ro /${name} ${name}`),
    ...(files.length > 0 ? [`touch ${files.join(' ')}`] : []),
    ...files.map((name) => `mount --bind /${name} ${name}`),
    'mount --rbind -o ro "$2" dir',
    '{ [ -z "$3" ] || [ ! -d "$3" ] || mount -t tmpfs -o size=4k,mode=000 none "$3"; }',
  ]
  return `PATH=${PATH}:$PATH; { ${steps.join(' && ')}; } || exit ${CAGE_FAILED}; root=$1; shift 3; exec ${unshare} --root="$root" --wd=/dir -- "$@"`
}

/** A cage that shows the folder, lets nothing be written there, and shows nothing else. */
function works(cage: Cage): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'agenticos-cage-'))
  const empty = mkdtempSync(join(tmpdir(), 'agenticos-cage-'))
  try {
    writeFileSync(join(folder, 'seen'), '')
    const test = `[ -f seen ] && ! touch made 2>/dev/null && [ ! -e ${folder} ] && [ ! -e /etc/passwd ] && echo closed`
    const { file, args } = cage.around({ file: '/bin/sh', args: ['-c', test] }, { dir: folder }, empty)
    return spawnSync(file, args, { encoding: 'utf8', timeout: 5000, env: { PATH } }).stdout === 'closed\n'
  } finally {
    rmSync(folder, { recursive: true, force: true })
    rmSync(empty, { recursive: true, force: true })
  }
}
