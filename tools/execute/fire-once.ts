import { firingAnswer, fireOnce, firingParameters } from '../one-firing.js'
import { tool } from '../tool.js'

export const fireOnceNow = tool({
  name: 'FIRE_ONCE',
  tier: 'execute',
  touch: 'operates',
  description: 'Fires one binding of a pass, map, http or command transition now, though it is stopped or its schedule is not due, and waits for its end.',
  parameters: firingParameters,
  answer: firingAnswer,
  run: (parameters, desk) => fireOnce(desk, parameters, 'others'),
})
