import { describe, expect, it } from 'vitest'
import { checkRepository } from '../../petri/doctor/check.js'
import { planNet, planRepository } from '../../petri/plan.js'
import { printNetPlan, printPlan } from '../../petri/plan-text.js'
import { readYaml } from '../../petri/yaml/read.js'

const BEFORE = `
params: {threshold: 5}
places:
  lines: {category: task, capacity: 100}
  hits: {category: task, tokens: [{ip: a}]}
  old: {category: task}
transitions:
  read: {kind: map, in: {line: lines}, do: {template: {ip: '\${line.ip}'}}, out: {hits: {}, old: {when: '$.ip == "x"'}}}
  report: {kind: command, in: {hit: {from: hits, where: '$.count >= \${params.threshold}'}}, do: {script: "date\\necho one\\nexit 0"}}
`
const AFTER = `
params: {threshold: 10}
places:
  lines: {category: task, capacity: 200}
  hits: {category: task, tokens: [{ip: b}, {ip: b}]}
transitions:
  read: {kind: map, in: {line: lines}, do: {template: {ip: '\${line.ip}', user: '\${line.user}'}}, out: {hits: {when: 'NOT $.ip == "x"'}}}
  report: {kind: command, timeout: 5m, in: {hit: {from: hits, where: '$.count >= \${params.threshold}', orderBy: $.at}}, do: {script: "date\\necho two\\nexit 0"}}
  tick: {kind: map, schedule: {every: 5m}, do: {template: {}}, out: {lines: {}}}
`

function sessions(net: string | undefined): ReturnType<typeof checkRepository>['sessions'] {
  return checkRepository(net === undefined ? [] : [readYaml('nets/demo/watch.yaml', `apiVersion: agenticos.dev/v1\nkind: Net\nmetadata: {name: watch}${net}`)]).sessions
}

describe('the text of a plan', () => {
  it('shows what comes, goes and changes under its net, and counts it', () => {
    expect(printPlan(planRepository(sessions(BEFORE), sessions(AFTER))).split('\n')).toEqual([
      '~ net demo/watch',
      '  ~ params.threshold: 5 -> 10',
      '  ~ place hits',
      '    - token {"ip":"a"}',
      '    + token {"ip":"b"} (2 times)',
      '  ~ place lines',
      '    ~ capacity: 100 -> 200',
      '  - place old',
      '    - category: task',
      '  ~ transition read',
      '    + do.template.user: ${line.user}',
      '    ~ out hits',
      '      ~ when: success -> NOT $.ip == "x"',
      '    - out old',
      '      - when: $.ip == "x"',
      '  ~ transition report',
      '    ~ do.script:',
      '        date',
      '      - echo one',
      '      + echo two',
      '        exit 0',
      '    ~ timeout: 1m -> 5m',
      '    ~ in hit',
      '      + orderBy: $.at',
      '  + transition tick',
      '    + do.template: {}',
      '    + kind: map',
      '    + schedule.every: 5m',
      '    + out lines',
      'Plan: 1 net; 1 to add, 5 to change, 1 to remove.',
    ])
  })

  it('is coloured by what happens, line by line, when colour is asked for', () => {
    const plan = planRepository(sessions(BEFORE), sessions(AFTER))
    const plain = printPlan(plan).split('\n')
    const coloured = printPlan(plan, { colour: true }).split('\n')
    expect(coloured.map((line) => line.replace(/\u001b\[\d+m/g, ''))).toEqual(plain)
    expect(coloured.filter((line) => line.includes('\u001b[32m'))).toEqual(coloured.filter((line) => /^\u001b\[\d+m *\+/.test(line)))
    expect(coloured[0]).toBe('\u001b[33m~ net demo/watch\u001b[0m')
  })

  it('says that nothing changes, and prints nothing for such a net', () => {
    const [before, after] = [sessions(BEFORE), sessions(BEFORE)]
    expect(printPlan(planRepository(before, after))).toBe('No changes.')
    const net = before.get('demo')!.nets.get('watch')!
    expect(printNetPlan(planNet(net, net))).toBe('')
  })

  it('shows whole sessions and nets that come and go', () => {
    const lines = printPlan(planRepository(sessions(BEFORE), sessions(undefined))).split('\n')
    expect(lines[0]).toBe('- session demo')
    expect(lines).toContain('- net demo/watch')
    expect(lines.at(-1)).toBe('Plan: 1 net; 0 to add, 0 to change, 7 to remove.')
  })

  it('never sends a control or direction character of a net to the terminal', () => {
    const nasty = BEFORE.replace('date\\n', '\\e[2J\\u202e\\x07\\n')
    const text = printPlan(planRepository(sessions(undefined), sessions(nasty)))
    expect(text).toContain('\\u001b[2J\\u202e\\u0007')
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
  })
})
