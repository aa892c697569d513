import { firingAnswer, fireOnce, firingParameters } from '../one-firing.js'
import { tool } from '../tool.js'

export const executeTransition = tool({
  name: 'EXECUTE_TRANSITION',
  tier: 'execute',
  touch: 'operates',
  description: 'Fires one binding of an llm or agent transition now and waits for its end. It spends money under the budgets of that transition.',
  parameters: firingParameters,
  answer: firingAnswer,
  run: (parameters, desk) => fireOnce(desk, parameters, 'models'),
})
