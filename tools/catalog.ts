import { done } from './control/done.js'
import { fail } from './control/fail.js'
import { think } from './control/think.js'
import { deployTransition } from './execute/deploy-transition.js'
import { dockerList } from './execute/docker-list.js'
import { dockerLogs } from './execute/docker-logs.js'
import { dockerRun } from './execute/docker-run.js'
import { dockerStop } from './execute/docker-stop.js'
import { executeTransitionSmart } from './execute/execute-transition-smart.js'
import { executeTransition } from './execute/execute-transition.js'
import { fireOnceNow } from './execute/fire-once.js'
import { startTransition } from './execute/start-transition.js'
import { stopTransition } from './execute/stop-transition.js'
import { httpCall } from './http/http-call.js'
import { queryEvents } from './logs/query-events.js'
import { diagnoseTransition } from './read/diagnose-transition.js'
import { dryRunTransition } from './read/dry-run-transition.js'
import { exportPnml } from './read/export-pnml.js'
import { extractTokenContent } from './read/extract-token-content.js'
import { findSharedPlaces } from './read/find-shared-places.js'
import { getNetStructure } from './read/get-net-structure.js'
import { getLinkedPlaces } from './read/get-linked-places.js'
import { getPlaceConnections } from './read/get-place-connections.js'
import { getPlaceInfo } from './read/get-place-info.js'
import { getTransition } from './read/get-transition.js'
import { listAllInscriptions } from './read/list-all-inscriptions.js'
import { listAllSessions } from './read/list-all-sessions.js'
import { listPlaces } from './read/list-places.js'
import { listSessionNets } from './read/list-session-nets.js'
import { queryTokens } from './read/query-tokens.js'
import { verifyInscription } from './read/verify-inscription.js'
import { verifyNet } from './read/verify-net.js'
import { verifyRuntimeBindings } from './read/verify-runtime-bindings.js'
import { reaches, type Role } from './role.js'
import type { Tool } from './tool.js'
import { createArc } from './write/create-arc.js'
import { createNet } from './write/create-net.js'
import { createPlace } from './write/create-place.js'
import { createTransition } from './write/create-transition.js'
import { deleteArc } from './write/delete-arc.js'
import { deleteNet } from './write/delete-net.js'
import { deletePlace } from './write/delete-place.js'
import { deleteTransition } from './write/delete-transition.js'
import { netDoctor } from './write/net-doctor.js'
import { setInscription } from './write/set-inscription.js'
import { createToken } from './write/create-token.js'
import { deleteToken } from './write/delete-token.js'
import { emitMemory } from './write/emit-memory.js'

// In the order of the tiers; within a tier as a person meets them. docs/tools.md and what a model is offered follow it.
const ALL = [
  // read: 18
  queryTokens, listPlaces, getPlaceInfo, getPlaceConnections, getLinkedPlaces, findSharedPlaces, extractTokenContent,
  getTransition, listAllInscriptions,
  verifyInscription,
  verifyRuntimeBindings, dryRunTransition, diagnoseTransition,
  getNetStructure, verifyNet, exportPnml,
  listAllSessions, listSessionNets,
  // write: 13
  createToken, deleteToken,
  createNet, deleteNet, createPlace, deletePlace, createTransition, deleteTransition, createArc, deleteArc, setInscription, netDoctor,
  emitMemory,
  // execute: 10
  deployTransition,
  startTransition, stopTransition, fireOnceNow, executeTransition, executeTransitionSmart,
  dockerRun, dockerStop, dockerList, dockerLogs,
  // http: 1
  httpCall,
  // logs, control
  queryEvents, think,
  done,
  fail,
] as unknown as readonly Tool[]

/** Every tool by its name, in the order of the tiers. */
export const TOOLS: ReadonlyMap<string, Tool> = new Map(ALL.map((one) => [one.name, one]))

/** The tools that a role is offered; what it is not offered is refused when called all the same. */
export function offered(role: Role): readonly Tool[] {
  return [...TOOLS.values()].filter((one) => reaches(role, one.tier))
}
