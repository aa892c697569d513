import { tool } from '../tool.js'
import { changeLifecycle, lifecycleAnswer, lifecycleParameters } from '../lifecycle-change.js'

export const startTransition = tool({
  name: 'START_TRANSITION',
  tier: 'execute',
  touch: 'operates',
  description: 'Starts what was stopped: a transition, a net or a whole session. At once, and recorded with your reason.',
  parameters: lifecycleParameters,
  answer: lifecycleAnswer,
  run: (parameters, desk) => changeLifecycle(desk, parameters, 'running'),
})
