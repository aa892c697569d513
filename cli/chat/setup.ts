import { API } from '../../protocol/api.js'
import { ProblemError } from '../../protocol/client.js'
import { CliFailure } from '../failure.js'
import type { Shell } from '../shell.js'
import { applyFiles } from './apply-files.js'
import { NET, SYSTEM } from './conversation.js'
import { modelsOf } from './models.js'
import { findOllama, ollamaModels } from './ollama.js'
import { packageFile } from './package-file.js'

/** Asks the person; answers false where nobody can be asked. */
export type Agree = (question: string) => Promise<boolean>

/** models.yaml of `chat --demo`: one model that replays a recorded conversation. */
const DEMO_MODELS = `apiVersion: agenticos.dev/v1
kind: Models
default: recorded
models:
  recorded: {provider: replay, model: log-chat, context: 200000, maxOutput: 8192, price: free, title: A recorded session}
`

/** Makes sure that somebody answers: the coordinator runs, and there is a model. What is missing is offered, proposed and merged. */
export async function prepareChat(shell: Shell, agree: Agree, demo: boolean): Promise<void> {
  await needModels(shell, agree, demo)
  await needCoordinator(shell, agree)
}

async function needCoordinator(shell: Shell, agree: Agree): Promise<void> {
  const found = await shell.client().call(API.getNet, { params: { session: SYSTEM, net: NET } }).catch((error: unknown) => {
    if (error instanceof ProblemError && error.problem.status === 404) return undefined
    throw error
  })
  if (found !== undefined) return
  const known = (await shell.client().call(API.listSessions)).items.some((one) => one.name === SYSTEM)
  const files = [`nets/${SYSTEM}/${NET}.yaml`, ...(known ? [] : [`nets/${SYSTEM}/session.yaml`])]
  if (!await agree(`Chat is a net, and it does not run yet. Propose ${files.join(' and ')} and merge it?`)) {
    throw new CliFailure(`the net ${SYSTEM}/${NET} does not run, and chat is made of it`, 'agenticos chat --yes proposes and merges it')
  }
  const number = await applyFiles(shell, 'Talk about nets', 'The net that `agenticos chat` talks to.', [
    { path: `nets/${SYSTEM}/${NET}.yaml`, content: packageFile(`nets/${SYSTEM}/${NET}/${NET}.yaml`) },
    ...(known ? [] : [{ path: `nets/${SYSTEM}/session.yaml`, content: packageFile(`nets/${SYSTEM}/session.yaml`) }]),
  ])
  shell.print(shell.paint('dim', `${SYSTEM}/${NET} runs (proposal ${number})`))
}

async function needModels(shell: Shell, agree: Agree, demo: boolean): Promise<void> {
  const items = await modelsOf(shell)
  if (items.length > 0 && !demo) return
  if (demo) {
    if (items.some((one) => one.provider === 'replay')) return
    if (items.length > 0) throw new CliFailure('there are models already, and the recorded session would replace models.yaml', 'agenticos chat talks to the models that are there; for the recorded session start with a new folder')
    if (!await agree('Propose models.yaml with a recorded session in place of a model, and merge it?')) throw new CliFailure('there is no model', 'agenticos chat --demo --yes proposes and merges it')
    return merge(shell, DEMO_MODELS, 'Play a recorded session')
  }
  const ollama = await findOllama(shell.env)
  const [first] = ollama?.models ?? []
  if (ollama === undefined || first === undefined) throw noModel(ollama)
  const listed = ollama.models.map((one) => one.model).join(', ')
  if (!await agree(`No model is configured, and an Ollama at ${ollama.url} has ${listed}. Propose models.yaml with ${ollama.models.length === 1 ? 'it' : 'them'} (${first.model} first) and merge it?`)) {
    throw new CliFailure(`no model is configured; an Ollama at ${ollama.url} has ${listed}`, 'agenticos chat --yes proposes and merges a models.yaml with them')
  }
  await merge(shell, ollamaModels(ollama), 'Use the models of the local Ollama')
}

async function merge(shell: Shell, content: string, title: string): Promise<void> {
  const number = await applyFiles(shell, title, '', [{ path: 'models.yaml', content }])
  shell.print(shell.paint('dim', `models.yaml is applied (proposal ${number})`))
}

function noModel(ollama: { readonly url: string } | undefined): CliFailure {
  return new CliFailure(`no model is configured${ollama === undefined ? '' : `, and the Ollama at ${ollama.url} has none`}`, [
    'any OpenAI-compatible server: models.yaml with {provider: openai, url, model, key: env:NAME, price}, see docs/models.md; then agenticos propose . --merge',
    'a model of your own: install Ollama, "ollama pull qwen3:8b", and run agenticos chat again',
    'none at all: agenticos chat --demo plays a recorded session',
  ].join('\n       '))
}
