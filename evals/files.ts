import { referenceNet, type Fixture } from './reference.js'
import { sessionOf } from './run-task.js'
import type { Task } from './task.js'

/** The agent that is asked: it designs in its own session, with what any agent gets. */
function designer(model: string): string {
  return `apiVersion: agenticos.dev/v1
kind: Net
metadata: {name: designer, title: Does what it is asked for}
places:
  requests: {category: task}
  replies: {category: learning}
transitions:
  design:
    kind: agent
    in: {request: requests}
    do: {prompt: '\${request.text}', role: rw, model: ${model}, maxIterations: 60}
    timeout: 20m
    budget: {usd: 1.00, per: firing}
    out:
      replies: [{emit: {text: '\${result.text}'}}, {when: error, emit: {error: '\${error}'}}]
`
}

/** What the net repository holds before the first task is asked for. */
export function filesBefore(tasks: readonly Task[], model: string, models: string, fixture: Fixture): { path: string; content: string }[] {
  return [
    { path: 'models.yaml', content: models },
    ...tasks.flatMap((task) => {
      const folder = `nets/${sessionOf(task)}`
      const net = task.before === undefined ? [] : [{ path: `${folder}/${task.net}.yaml`, content: referenceNet(task, task.before, fixture) }]
      return [{ path: `${folder}/designer.yaml`, content: designer(model) }, ...net]
    }),
  ]
}
