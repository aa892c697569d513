import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEMO_LINES } from '../../cli/chat/demo-lines.js'
import { packageRoot } from '../../controller/package-root.js'
import { planRepository } from '../../petri/plan.js'
import { checkRepository } from '../../petri/doctor/check.js'
import { readFile } from '../../petri/read.js'
import { API } from '../../protocol/api.js'
import { cli, type Ran } from '../support/cli.js'
import { demoNet, realLines } from '../support/demo-net.js'
import { startWhole, type Whole } from '../support/whole.js'

const [BUILD, MERGE, COUNT, SHOW] = DEMO_LINES

describe('the recorded session, from chat to answer', () => {
  const { lines } = realLines('OpenSSH/OpenSSH_2k.log', 'nets/demo/ssh-watch/sample.log')
  const folder = mkdtempSync(join(tmpdir(), 'agenticos-recorded-'))
  let whole: Whole
  let said: Ran

  beforeAll(async () => {
    const log = join(folder, 'nets/demo/ssh-watch/sample.log')
    mkdirSync(dirname(log), { recursive: true })
    writeFileSync(log, `${lines.join('\n')}\n`)
    whole = await startWhole(demoNet('log-questions'))
    await whole.executor({ AGENTICOS_EXECUTOR_ROOTS: folder, AGENTICOS_EXECUTOR_RECORDINGS: join(packageRoot(), 'nets/demo') })
    said = await cli(['chat', '--demo', '--yes'], {
      env: { AGENTICOS_SERVER: whole.url, AGENTICOS_TOKEN: whole.admin, XDG_STATE_HOME: join(folder, 'state') }, stdin: `${BUILD}\n/diff\n${MERGE}\n${COUNT}\n${SHOW}\n/cost\n`,
    })
  }, 240_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('ends well, and says nothing that a terminal would obey', () => {
    expect({ err: said.err, out: said.out }).toMatchObject({ err: '' })
    expect(said.code).toBe(0)
    expect(said.out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
  })

  it('shows each tool call as it is made, and what the draft means', () => {
    for (const call of ['LIST_SESSION_NETS demo', 'CREATE_NET demo/log-chat', 'CREATE_ARC demo/log-chat questions → understand', 'VERIFY_NET demo/log-chat']) expect(said.out).toContain(`● ${call}  ok`)
    expect(said.out).toContain('    + place questions\n')
    expect(said.out).toContain('      + out answers\n')
    expect(said.out).not.toMatch(/● .*refused/)
  })

  it('builds exactly the net of nets/demo/log-chat: four places, two transitions, five arcs', async () => {
    const main = await whole.forge.main()
    const answer = await whole.client.call(API.getNet, { params: { session: 'demo', net: 'log-chat' } })
    expect([answer.places, answer.transitions]).toEqual([4, 2])
    expect(answer.commit).toBe(main)
    const built = answer.definition as { transitions: Record<string, { inputs: { from: string }[]; outputs: { to: string }[] }> }
    const arcs = Object.entries(built.transitions).flatMap(([name, { inputs, outputs }]) => [...inputs.map(({ from }) => `${from} → ${name}`), ...outputs.map(({ to }) => `${name} → ${to}`)])
    expect(new Set(arcs).size).toBe(5)
    const ours = checkRepository(Object.entries(demoNet('log-chat')).map(([path, text]) => readFile(path, text))).sessions
    const theirs = new Map([['demo', { config: ours.get('demo')!.config, nets: new Map([['log-chat', answer.definition as never]]) }]])
    expect(planRepository(theirs, ours)).toEqual({ sessions: [], nets: [] })
  })

  it('proposes it with a verdict, and a person merges it', async () => {
    expect(said.out).toMatch(/proposal \d+ Talk to a log {2}no findings {2}\/merge makes it run/)
    expect(said.out).toMatch(/merged as [0-9a-f]{10}: Talk to a log\n {2}demo\/log-chat runs/)
    const proposals = (await whole.client.call(API.listProposals, { query: { state: 'all' } })).items
    const one = proposals.find(({ title }) => title === 'Talk to a log')
    expect(one).toMatchObject({ state: 'merged', by: expect.stringContaining('agent') })
    expect(one?.merged?.by).not.toContain('agent')
  })

  it('answers from the log itself: what is said is what the command found', async () => {
    const wrong = lines.flatMap((line, at) => (line.includes('Failed password') ? [`${at + 1}:${line}`] : []))
    expect(said.out).toContain(`${wrong.length} lines of the log say "Failed password"`)
    expect(said.out).toContain(wrong.slice(-3).join('\n'))
    expect(await whole.tokens('demo/log-chat/answers')).toMatchObject([{ question: COUNT, answer: String(wrong.length) }, { question: SHOW }])
    const ran = (await whole.events('demo')).filter((event) => event.type === 'effect.settled' && event['transition'] === 'log-chat/run')
    expect(ran).toHaveLength(2)
  })

  it('labels every answer as recorded', () => {
    expect(said.out.match(/^recorded session {2}/gm)).toHaveLength(3)
  })

  it('leaves sessions that their events prove', async () => {
    for (const session of ['system', 'demo']) expect(await whole.client.call(API.verify, { params: { session } })).toMatchObject({ ok: true, differences: [] })
    for (const place of ['system/coordinator/requests', 'system/coordinator/_failed', 'demo/log-chat/questions', 'demo/log-chat/_failed']) expect(await whole.tokens(place)).toEqual([])
  })
})
