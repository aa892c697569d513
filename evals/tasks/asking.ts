import { place, some, uses, type Task } from '../task.js'

/** Nets that ask a model themselves. */
export const asking: readonly Task[] = [
  {
    name: 'classify', net: 'feelings',
    prompt: 'Net feelings: reviews {id, text} come into `reviews`. An llm transition judges each: its answer is {mood: "good" or "bad"} by a schema. Put {id, mood} into `judged`. At most ten cents a day.',
    reference: `places:
  reviews: {category: task}
  judged: {category: task}
transitions:
  judge:
    kind: llm
    in: {r: reviews}
    do:
      prompt: 'Is this review good or bad? \${r.text}'
      schema: {type: object, required: [mood], properties: {mood: {enum: [good, bad]}}, additionalProperties: false}
    budget: {usd: 0.10, per: day}
    out: {judged: {emit: {id: '\${r.id}', mood: '\${result.mood}'}}}`,
    shape: [uses('llm'), (net) => (net.budget !== undefined || Object.values(net.transitions).some((transition) => transition.budget?.usd === 0.1) ? undefined : 'there is no budget')],
    runs: [{ put: { reviews: [{ id: 1, text: 'I loved it' }] }, then: { reviews: [], judged: [{ id: 1, mood: 'good' }] } }],
    answers: { 'I loved it': '{"mood": "good"}' },
  },
  {
    name: 'summarise', net: 'short',
    prompt: 'Net short: articles {id, text} in `articles`; an llm writes a summary, put {id, summary} into `summaries`. If the model fails for good put {id} into `failed`.',
    reference: `places:
  articles: {category: task}
  summaries: {category: task}
  failed: {category: task}
transitions:
  sum-up:
    kind: llm
    in: {a: articles}
    do: {prompt: 'Sum this up in one sentence: \${a.text}', maxTokens: 200}
    budget: {usd: 1.00, per: day}
    out: {summaries: {emit: {id: '\${a.id}', summary: '\${result.text}'}}, failed: {when: error, emit: {id: '\${a.id}'}}}`,
    shape: [uses('llm'), some('has an error arc', (transition) => transition.outputs.some((output) => output.on === 'error'))],
    runs: [{ put: { articles: [{ id: 7, text: 'A long story about a fox' }] }, then: { articles: [], summaries: [{ id: 7, summary: 'A fox.' }], failed: [] } }],
    answers: { 'story about a fox': 'A fox.' },
  },
  {
    name: 'ask-a-person', net: 'refunds',
    prompt: 'Net refunds: requests {id, amount} in `requests`. Up to 50 are granted at once into `granted`; larger ones need a person: a transition with approval by merge, after which they are granted too; what is refused goes to `refused` as {id}.',
    reference: `places:
  requests: {category: task}
  granted: {category: task}
  refused: {category: task}
transitions:
  small: {kind: pass, in: {r: {from: requests, where: '$.amount <= 50'}}, out: {granted: {}}}
  large:
    kind: pass
    approval: merge
    in: {r: {from: requests, where: '$.amount > 50'}}
    out: {granted: {}, refused: {when: error, emit: {id: '\${r.id}'}}}`,
    shape: [some('asks for approval', (transition) => transition.approval !== undefined)],
    runs: [{ put: { requests: [{ id: 1, amount: 20 }] }, then: { granted: [{ id: 1 }], refused: [] } }],
  },
  {
    name: 'agent-with-memory', net: 'librarian',
    prompt: 'Net librarian: questions {text} in `questions` go to an agent transition with role r and at most 5 iterations that reads a learning place `notes`; its answer {text} goes to `answers`. Fifty cents a day at most.',
    reference: `places:
  questions: {category: task}
  notes: {category: learning, keep: 200}
  answers: {category: task}
transitions:
  answer:
    kind: agent
    in: {q: questions, n: {from: notes, take: {upTo: 50}, optional: true}}
    do: {prompt: 'Answer: \${q.text}', role: r, maxIterations: 5}
    budget: {usd: 0.50, per: day}
    out: {answers: {emit: {text: '\${result.text}'}}}`,
    shape: [some('is an agent of role r', (transition) => transition.kind === 'agent' && transition.action?.['role'] === 'r'), place('is a learning place', (one) => one.category === 'learning')],
    runs: [],
  },
]
