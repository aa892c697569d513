import { describe, expect, it, test } from 'vitest'
import { TASKS } from '../../evals/catalog.js'
import { referenceNet } from '../../evals/reference.js'
import { checkRepository } from '../../petri/doctor/check.js'
import { readFile } from '../../petri/read.js'

describe('the tasks', () => {
  it('are forty at least, each with a name, a net and a prompt of its own', () => {
    expect(TASKS.length).toBeGreaterThanOrEqual(40)
    for (const key of ['name', 'net', 'prompt'] as const) expect(new Set(TASKS.map((task) => task[key])).size).toBe(TASKS.length)
  })

  test.each(TASKS)('$name can be done: its reference has no error and the shape that is asked for', (task) => {
    const files = [task.reference, ...(task.before === undefined ? [] : [task.before])].map((text) => readFile(`nets/eval/${task.net}.yaml`, referenceNet(task, text, { fixture: 'http://127.0.0.1:1', folder: 'fixture' })))
    for (const file of files) {
      const { sessions, findings } = checkRepository([file])
      expect(findings.filter((finding) => finding.level === 'error')).toEqual([])
      if (file === files[0]) expect(task.shape.map((judge) => judge(sessions.get('eval')!.nets.get(task.net)!)).filter((said) => said !== undefined)).toEqual([])
    }
  })
})
