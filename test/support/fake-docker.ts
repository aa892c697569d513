import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

export interface FakeDocker {
  /** a PATH on which `docker` is this program */
  readonly path: string
  /** words of every call so far */
  calls(): readonly (readonly string[])[]
  /** names of what runs */
  running(): readonly string[]
  /** a container that somebody else started */
  foreign(name: string, labels?: Readonly<Record<string, string>>): void
}

/**
 * A program that stands in for docker on its real command line: it keeps what `run` starts in a file, `ps` lists it as
 * --filter and --format ask, `rm` takes it away, `logs` tells what its image and words were. An image with "fail" in it fails.
 */
export function fakeDocker(): FakeDocker {
  const folder = mkdtempSync(join(tmpdir(), 'agenticos-docker-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const state = join(folder, 'state.json')
  const log = join(folder, 'calls')
  writeFileSync(state, '[]')
  writeFileSync(log, '')
  writeFileSync(join(folder, 'docker'), `#!${process.execPath}\n(${program.toString()})(${JSON.stringify(state)}, ${JSON.stringify(log)})\n`)
  chmodSync(join(folder, 'docker'), 0o755)
  const read = () => JSON.parse(readFileSync(state, 'utf8')) as { name: string; image: string; labels: Record<string, string>; words: string[] }[]
  return {
    path: folder,
    calls: () => readFileSync(log, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as string[]),
    running: () => read().map(({ name }) => name),
    foreign: (name, labels = {}) => writeFileSync(state, JSON.stringify([...read(), { name, image: 'other', labels, words: [] }])),
  }
}

/* The program itself: it is written to a file as it stands here, so it uses nothing from outside. */
function program(state: string, log: string): void {
  const fs = process.getBuiltinModule('node:fs')
  const words = process.argv.slice(2)
  fs.appendFileSync(log, `${JSON.stringify(words)}\n`)
  const all = JSON.parse(fs.readFileSync(state, 'utf8'))
  const save = (list: unknown) => {
    fs.writeFileSync(`${state}.${process.pid}`, JSON.stringify(list))
    fs.renameSync(`${state}.${process.pid}`, state)
  }
  const fail = (message: string) => {
    process.stderr.write(`Error: ${message}\n`)
    process.exit(125)
  }
  const values = (flag: string) => words.flatMap((word, at) => (word === flag ? [words[at + 1] ?? ''] : []))
  switch (words[0]) {
    case 'run': {
      const alone = ['--detach', '--rm']
      let at = 1
      while (words[at]?.startsWith('--')) at += alone.includes(words[at] ?? '') ? 1 : 2
      const image = words[at] ?? ''
      if (image.includes('fail')) return fail(`manifest for ${image} not found`)
      const name = values('--name')[0]
      if (all.some((one: { name: string }) => one.name === name)) return fail(`the container name ${name} is already in use`)
      const labels = Object.fromEntries(values('--label').map((pair) => pair.split(/=(.*)/s).slice(0, 2)))
      save([...all, { name, image, labels, words: words.slice(at + 1) }])
      return void process.stdout.write(`${'0'.repeat(64)}\n`)
    }
    case 'ps': {
      const wanted = values('--filter').map((filter) => filter.replace(/^label=/, '').split(/=(.*)/s))
      const found = all.filter((one: { labels: Record<string, string> }) => wanted.every(([key, value]) => one.labels[key ?? ''] === value))
      for (const one of found) {
        const line = (values('--format')[0] ?? '').replace('{{.Names}}', one.name).replace('{{.Image}}', one.image).replace('{{.State}}', 'running')
          .replace(/\{\{\.Label "([^"]+)"\}\}/g, (_, key: string) => one.labels[key] ?? '')
        process.stdout.write(`${line}\n`)
      }
      return
    }
    case 'rm': {
      const name = words.at(-1)
      if (!all.some((one: { name: string }) => one.name === name)) return fail(`No such container: ${name}`)
      return save(all.filter((one: { name: string }) => one.name !== name))
    }
    case 'logs': {
      const one = all.find((each: { name: string }) => each.name === words.at(-1))
      if (one === undefined) return fail('No such container')
      process.stdout.write(`${one.image} says ${one.words.join(' ')}\n`)
      return void process.stderr.write('and complains\n')
    }
    default:
      fail(`unknown command ${words[0]}`)
  }
}
