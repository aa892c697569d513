import type { Task } from './task.js'

/** What the words of a task stand for in one run. */
export interface Fixture {
  /** address of the fixture server */
  readonly fixture: string
  /** folder with app.log, below a root of the executor */
  readonly folder: string
}

/** `{fixture}` and `{folder}` filled in. */
export function filled(text: string, { fixture, folder }: Fixture): string {
  return text.replaceAll('{fixture}', fixture).replaceAll('{folder}', folder)
}

/** A task's net as a whole file. */
export function referenceNet(task: Pick<Task, 'net'>, body: string, fixture: Fixture): string {
  return `apiVersion: agenticos.dev/v1\nkind: Net\nmetadata: {name: ${task.net}}\n${filled(body, fixture)}\n`
}
