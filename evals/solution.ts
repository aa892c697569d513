import { isObject, type Json, type JsonObject } from '../petri/json.js'
import { readFile } from '../petri/read.js'
import type { NetFile } from '../petri/language.js'
import { referenceNet, type Fixture } from './reference.js'
import type { Task } from './task.js'

/** A tool call as a model makes it. */
export interface Step {
  readonly name: string
  readonly input: JsonObject
}

/** The tool calls that build a task's reference: what the scripted model says, and the proof that the tools suffice. */
export function solutionOf(task: Task, fixture: Fixture): Step[] {
  const wanted = valueOf(task, task.reference, fixture)
  const before = task.before === undefined ? undefined : valueOf(task, task.before, fixture)
  const { net } = task
  const steps: Step[] = []
  const say = (name: string, input: object): void => void steps.push({ name, input: { net, ...input } as JsonObject })
  if (before === undefined || wanted.params !== undefined) say('CREATE_NET', wanted.params === undefined ? {} : { params: wanted.params as Json })
  for (const name of Object.keys(before?.transitions ?? {})) if (!Object.hasOwn(wanted.transitions ?? {}, name)) say('DELETE_TRANSITION', { transition: name })
  for (const name of Object.keys(before?.places ?? {})) if (!Object.hasOwn(wanted.places ?? {}, name)) say('DELETE_PLACE', { place: name })
  for (const [name, place] of Object.entries(wanted.places ?? {})) if (!same(place, before?.places?.[name])) say('CREATE_PLACE', { place: name, ...place })
  for (const [name, transition] of Object.entries(wanted.transitions ?? {})) {
    if (same(transition, before?.transitions?.[name])) continue
    const { kind, in: inputs, out: outputs, ...rest } = transition as unknown as JsonObject
    if (before?.transitions?.[name] === undefined) say('CREATE_TRANSITION', { transition: name, kind: kind as Json })
    if (Object.keys(rest).length > 0) say('SET_INSCRIPTION', { transition: name, patch: rest })
    for (const [variable, arc] of Object.entries(isObject(inputs) ? inputs : {})) {
      const { from, ...words } = isObject(arc) ? arc : { from: arc }
      say('CREATE_ARC', { from: from as Json, to: name, variable, ...words })
    }
    for (const [place, arc] of Object.entries(isObject(outputs) ? outputs : {})) {
      for (const one of (Array.isArray(arc) ? arc : [arc]) as readonly JsonObject[]) say('CREATE_ARC', { from: name, to: place, ...one })
    }
  }
  steps.push({ name: 'VERIFY_NET', input: { net, ref: 'draft' } })
  steps.push({ name: 'DONE', input: { summary: `Net ${net}: ${task.prompt.slice(0, 100)}` } })
  return steps
}

function valueOf(task: Task, body: string, fixture: Fixture): NetFile {
  const draft = readFile(`nets/eval/${task.net}.yaml`, referenceNet(task, body, fixture))
  if (draft.value === undefined) throw new Error(`the reference of ${task.name} cannot be read`)
  return draft.value as NetFile
}

function same(a: unknown, b: unknown): boolean {
  return b !== undefined && JSON.stringify(a) === JSON.stringify(b)
}

/** What the scripted model says to a request: the next step of the task it is about, or the answer that the task has for it. */
export function scripted(tasks: readonly Task[], fixture: Fixture): (request: { readonly messages: readonly { readonly role: string; readonly text?: string }[]; readonly turn: number }) => { text?: string; calls?: Step[] } {
  const solutions = new Map(tasks.map((task) => [task.name, solutionOf(task, fixture)]))
  return ({ messages, turn }) => {
    const said = messages.map((message) => message.text ?? '').join('\n')
    for (const task of tasks) {
      const answer = Object.entries(task.answers ?? {}).find(([words]) => said.includes(words))
      if (answer !== undefined && !said.includes(marked(task))) return { text: answer[1] }
    }
    const task = tasks.find((one) => said.includes(marked(one)))
    const step = task === undefined ? undefined : solutions.get(task.name)![turn]
    return step === undefined ? { text: 'I do not know this task.' } : { calls: [step] }
  }
}

/** The line by which a task's request is known; a real model learns nothing from it. */
export function marked(task: Pick<Task, 'name'>): string {
  return `(Task ${task.name})`
}

