import { tool } from '../tool.js'
import { changeLifecycle, lifecycleAnswer, lifecycleParameters } from '../lifecycle-change.js'

export const stopTransition = tool({
  name: 'STOP_TRANSITION',
  tier: 'execute',
  touch: 'operates',
  description: 'Stops a transition, a net or a whole session: nothing of it fires any more. Work that an executor has begun may end. At once, and recorded with your reason.',
  parameters: lifecycleParameters,
  answer: lifecycleAnswer,
  run: (parameters, desk) => changeLifecycle(desk, parameters, 'stopped'),
})
