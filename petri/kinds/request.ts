import type { Json, JsonObject } from '../json.js'
import type { Transition } from '../net.js'
import { ParseFault } from '../parsed.js'
import type { Roots } from '../template.js'
import { agentRequest } from './agent-request.js'
import { commandRequest } from './command-request.js'
import { httpRequest } from './http-request.js'
import { llmRequest } from './llm-request.js'
import { RequestFault } from './request-fault.js'

/** A text with credential holes, which the executor alone fills. */
export type SealedText = string | { parts: (string | { credential: string; base64: boolean })[] }

export interface CommandRequest {
  kind: 'command'
  argv?: string[]
  pipeline?: string[][]
  allow?: Record<string, string[] | null>
  script?: string
  env: Record<string, string>
  dir?: string
  stdin?: string
  expect: number[]
  workspace?: string
  maxBytes: number
  parse?: 'json' | 'lines' | 'xml'
}

export interface HttpRequest {
  kind: 'http'
  method: string
  url: string
  headers: Record<string, SealedText>
  query: [string, SealedText][]
  json?: Json
  form?: [string, SealedText][]
  text?: string
  expect: string[]
  maxBytes: number
  parse?: 'json' | 'lines' | 'xml'
}

export interface LlmRequest {
  kind: 'llm'
  prompt: string
  system?: string
  model?: string
  schema?: Json
  temperature?: number
  maxTokens?: number
}

export interface AgentRequest {
  kind: 'agent'
  prompt: string
  system?: string
  model?: string
  role: string
  schema?: Json
  maxIterations: number
  inputs: { variable: string; place: string; category: string; data: Json }[]
  writes: { place: string; category: string }[]
}

/** What a firing asks of an executor: equal to the EffectRequest of protocol/effect, which this floor may not name. */
export type EffectRequest = CommandRequest | HttpRequest | LlmRequest | AgentRequest

type Build = (roots: Roots) => EffectRequest
const builds = new WeakMap<object, Build>()

/** The request of a checked http, command, llm or agent transition under these roots. Throws TemplateError or RequestFault. */
export function effectRequest(transition: Transition, roots: Roots): EffectRequest {
  const action = transition.action
  if (action === null) throw new TypeError(`${transition.name} has no action`)
  let build = builds.get(action)
  if (!build) builds.set(action, (build = compile(transition.kind, action)))
  return build(roots)
}

function compile(kind: Transition['kind'], action: JsonObject): Build {
  try {
    if (kind === 'http') return httpRequest(action)
    if (kind === 'command') return commandRequest(action)
    if (kind === 'llm') return llmRequest(action)
    if (kind === 'agent') return agentRequest(action)
  } catch (error) {
    if (error instanceof ParseFault) throw new RequestFault('template-error', error.message)
    throw error
  }
  throw new TypeError(`a ${kind} asks no executor for a request`)
}
