import { arcOption } from './arc-option.js'
import { badCondition } from './bad-condition.js'
import { badHeader } from './bad-header.js'
import { badOrder } from './bad-order.js'
import { badParam } from './bad-param.js'
import { badPath } from './bad-path.js'
import { badSchedule } from './bad-schedule.js'
import { badSchema } from './bad-schema.js'
import { badTemplate } from './bad-template.js'
import { costWithoutCap } from './cost-without-cap.js'
import { credentialMisplaced } from './credential-misplaced.js'
import { credentialSource } from './credential-source.js'
import { danglingArc } from './dangling-arc.js'
import { declaredMisfit } from './declared-misfit.js'
import { duplicateNet } from './duplicate-net.js'
import { endlessFiring } from './endless-firing.js'
import { idleKey } from './idle-key.js'
import { joinNotIndexed } from './join-not-indexed.js'
import { keysOnSharer } from './keys-on-sharer.js'
import { linkShape } from './link-shape.js'
import { loneOtherwise } from './lone-otherwise.js'
import { missingCredential } from './missing-credential.js'
import { modelBounds } from './model-bounds.js'
import { modelKey } from './model-key.js'
import { modelPrice } from './model-price.js'
import { modelReference } from './model-reference.js'
import { modelUrl } from './model-url.js'
import { modelWithoutPrice } from './model-without-price.js'
import { nameClash } from './name-clash.js'
import { nameMismatch } from './name-mismatch.js'
import { neverTrue } from './never-true.js'
import { noModel } from './no-model.js'
import { notOpen } from './not-open.js'
import { oneForm } from './one-form.js'
import { oneValue } from './one-value.js'
import { optionInjection } from './option-injection.js'
import { optionalWithoutDefault } from './optional-without-default.js'
import { otherwiseDependsOnVariable } from './otherwise-depends-on-variable.js'
import { outOfBounds } from './out-of-bounds.js'
import { overlappingChoice } from './overlapping-choice.js'
import { pipelineAllow } from './pipeline-allow.js'
import { placeLimits } from './place-limits.js'
import { policyBudget } from './policy-budget.js'
import { policyIdle } from './policy-idle.js'
import { reservedVariable } from './reserved-variable.js'
import { roleAbovePolicy } from './role-above-policy.js'
import type { Rule } from './rule.js'
import { scheduleReadMany } from './schedule-read-many.js'
import { schemaMismatch } from './schema-mismatch.js'
import { scriptHasTemplate } from './script-has-template.js'
import { secretInNet } from './secret-in-net.js'
import { sendsConsumed } from './sends-consumed.js'
import { sendsUnknown } from './sends-unknown.js'
import { sessionBounds } from './session-bounds.js'
import { sessionName } from './session-name.js'
import type { ModelsRule, PolicyRule } from './setting-rule.js'
import type { SessionRule } from './session-rule.js'
import { sharesASharer } from './shares-a-sharer.js'
import { sharesUnknown } from './shares-unknown.js'
import { takeOverCapacity } from './take-over-capacity.js'
import { toolsArc } from './tools-arc.js'
import { unboundVariable } from './unbound-variable.js'
import { unboundedLoop } from './unbounded-loop.js'
import { unknownLayout } from './unknown-layout.js'
import { unknownModel } from './unknown-model.js'
import { unknownParam } from './unknown-param.js'
import { unknownPath } from './unknown-path.js'
import { unmatchableJoin } from './unmatchable-join.js'
import { unreachablePlace } from './unreachable-place.js'
import { unreachableTransition } from './unreachable-transition.js'
import { unroutableExecutor } from './unroutable-executor.js'
import { unusedCredential } from './unused-credential.js'
import { unusedParam } from './unused-param.js'
import { urlRule } from './url-rule.js'

/** Every rule about a net, in the order in which docs/doctor.md has them. */
export const RULES: readonly Rule[] = [
  nameMismatch, duplicateNet, nameClash, reservedVariable, badParam, unknownParam, unusedParam, badCondition,
  badOrder, badPath, badTemplate, badSchema, danglingArc, arcOption, takeOverCapacity, endlessFiring, unboundedLoop,
  unreachablePlace, unreachableTransition, linkShape, unknownLayout, unboundVariable, unknownPath, schemaMismatch,
  declaredMisfit, neverTrue, optionalWithoutDefault, oneValue, unmatchableJoin, joinNotIndexed, overlappingChoice,
  otherwiseDependsOnVariable, loneOtherwise, scheduleReadMany, badSchedule, sharesUnknown, sharesASharer,
  keysOnSharer, sendsUnknown, notOpen, sendsConsumed, placeLimits, outOfBounds, idleKey, oneForm, scriptHasTemplate,
  optionInjection, pipelineAllow, urlRule, badHeader, missingCredential, credentialMisplaced, credentialSource,
  unusedCredential, secretInNet, unroutableExecutor, unknownModel, noModel, costWithoutCap, roleAbovePolicy, toolsArc,
]

/** Every rule about a session.yaml. */
export const SESSION_RULES: readonly SessionRule[] = [sessionName, sessionBounds]

/** Every rule about models.yaml. */
export const MODELS_RULES: readonly ModelsRule[] = [modelWithoutPrice, modelPrice, modelReference, modelUrl, modelKey, modelBounds]

/** Every rule about policy.yaml. */
export const POLICY_RULES: readonly PolicyRule[] = [policyBudget, policyIdle]
