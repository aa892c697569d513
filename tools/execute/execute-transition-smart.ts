import { firingAnswer, fireOnce, firingParameters } from '../one-firing.js'
import { tool } from '../tool.js'

export const executeTransitionSmart = tool({
  name: 'EXECUTE_TRANSITION_SMART',
  tier: 'execute',
  touch: 'operates',
  description: 'Fires one binding of any transition now, whatever its kind: what FIRE_ONCE or EXECUTE_TRANSITION would do.',
  parameters: firingParameters,
  answer: firingAnswer,
  run: (parameters, desk) => fireOnce(desk, parameters, 'all'),
})
