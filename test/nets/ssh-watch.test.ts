import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { packageRoot } from '../../controller/package-root.js'
import { demoNet, realLines } from '../support/demo-net.js'
import { startRiver, type River } from '../support/river.js'

const THRESHOLD = 5
const SAMPLE = 'nets/demo/ssh-watch/sample.log'
// Without the real lines beside the clone, the tests of this file hold the sample against the same independent count.
const { lines, real } = realLines('OpenSSH/OpenSSH_2k.log', SAMPLE)

interface Counted {
  readonly failures: Map<string, number>
  readonly logins: string[]
  readonly probes: number
  readonly rest: number
}

/** The same questions asked of the same lines without nets, guards or templates: words and indexes only. */
function countByHand(text: readonly string[]): Counted {
  const failures = new Map<string, number>()
  const logins: string[] = []
  let [probes, rest] = [0, 0]
  for (const line of text) {
    const head = line.indexOf('sshd[') === -1 ? -1 : line.indexOf(']: ')
    const said = head === -1 ? undefined : line.slice(head + 3)
    const words = said?.split(' ') ?? []
    const ip = (): string => words[words.lastIndexOf('from') + 1]!
    if (said === undefined) rest++
    else if (words[0] === 'Failed' && words[1] === 'password') failures.set(ip(), (failures.get(ip()) ?? 0) + 1)
    else if (words[0] === 'message' && words[1] === 'repeated') failures.set(ip(), (failures.get(ip()) ?? 0) + Number(words[2]))
    else if (words[0] === 'Accepted') logins.push(`${words[3]}@${ip()}`)
    else if (said.endsWith('POSSIBLE BREAK-IN ATTEMPT!')) probes++
    else rest++
  }
  return { failures, logins, probes, rest }
}

describe(`ssh-watch on ${real ? '2,000 real sshd lines' : 'its sample, for the real lines are not there'}`, () => {
  let river: River
  const hand = countByHand(lines)

  beforeAll(async () => {
    river = await startRiver({ files: demoNet('ssh-watch', (text) => text.replaceAll('keep: 1000', 'keep: 5000')) })
    await river.putAll('demo/ssh-watch/lines', lines.map((text) => ({ text })))
    await river.quiet('demo')
  })

  it('counts the wrong passwords of each address as a count by hand does', async () => {
    const counters = await river.tokens('demo/ssh-watch/counters') as { ip: string; count: number }[]
    expect(new Map(counters.map(({ ip, count }) => [ip, count]))).toEqual(hand.failures)
    expect(counters.length).toBe(hand.failures.size)
  })

  it('escalates each address that reached the threshold, once, and no other', async () => {
    const attackers = (await river.tokens('demo/ssh-watch/attackers') as { ip: string }[]).map(({ ip }) => ip)
    expect(attackers.toSorted()).toEqual([...hand.failures].filter(([, count]) => count >= THRESHOLD).map(([ip]) => ip).sort())
    const fired = await river.events('demo', { net: 'ssh-watch', transition: 'escalate', type: 'transition.fired' })
    expect(fired.length).toBe(attackers.length)
  })

  it('sorts every line into exactly one ticket', async () => {
    const of = async (place: string) => await river.tokens(`demo/ssh-watch/${place}`)
    const logins = [...await of('logins'), ...await of('incidents')] as { user: string; ip: string }[]
    expect(logins.map(({ user, ip }) => `${user}@${ip}`).sort()).toEqual(hand.logins.toSorted())
    expect({ probes: (await of('probes')).length, rest: (await of('rest')).length }).toEqual({ probes: hand.probes, rest: hand.rest })
    for (const place of ['lines', 'messages', 'failures', '_failed']) expect(await of(place)).toEqual([])
  })

  it('agrees with the labels that people gave the lines', () => {
    const file = join(packageRoot(), '../shared/logs/OpenSSH/OpenSSH_2k.log_structured.csv')
    if (!existsSync(file)) return expect(real).toBe(false)
    const ids = readFileSync(file, 'utf8').split(/\r?\n/).slice(1).filter(Boolean).map((row) => /,(E\d+),(?!.*,E\d+,)/.exec(row)?.[1])
    const labelled = (...wanted: string[]) => ids.filter((id) => wanted.includes(id ?? '')).length
    const folded = lines.filter((line) => line.includes('message repeated'))
    expect(labelled('E14')).toBe(folded.length)
    const once = [...hand.failures.values()].reduce((sum, count) => sum + count, 0) - folded.reduce((sum, line) => sum + Number(/repeated (\d+)/.exec(line)![1]), 0)
    expect(labelled('E9', 'E10')).toBe(once)
    expect({ logins: labelled('E1'), probes: labelled('E27') }).toEqual({ logins: hand.logins.length, probes: hand.probes })
    expect(labelled('E1', 'E9', 'E10', 'E14', 'E27')).toBe(ids.length - hand.rest)
  })

  it('can be proven from its events', async () => {
    const { code, out } = await river.cli('verify', 'demo')
    expect(out).toContain('demo: clean')
    expect(code).toBe(0)
  })
})

describe('ssh-watch on its own sample', () => {
  it('tells an attacker who got in from a person who mistyped', async () => {
    const river = await startRiver({ files: demoNet('ssh-watch') })
    const put = await river.cli('put', 'demo/ssh-watch/lines', '--lines', '-f', SAMPLE)
    expect(put).toMatchObject({ code: 0, out: `demo/ssh-watch/lines: ${readFileSync(join(packageRoot(), SAMPLE), 'utf8').trimEnd().split('\n').length} put\n` })
    await river.quiet('demo')
    const attackers = await river.tokens('demo/ssh-watch/attackers') as { ip: string; count: number }[]
    expect(attackers.map(({ ip, count }) => [ip, count])).toEqual([['198.51.100.7', 5], ['203.0.113.9', 6]])
    expect(await river.tokens('demo/ssh-watch/incidents')).toEqual([{ ip: '203.0.113.9', user: 'backup', at: 'Mar  3 02:13:02', failuresBefore: 6 }])
    expect(await river.tokens('demo/ssh-watch/logins')).toMatchObject([{ user: 'ada', ip: '192.0.2.15' }])
  })
})
