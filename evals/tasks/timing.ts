import { arc, some, without, type Task } from '../task.js'

const scheduled = (what: string, holds: (schedule: NonNullable<Parameters<Parameters<typeof some>[1]>[0]['schedule']>) => boolean) =>
  some(`has ${what}`, (transition) => transition.schedule !== undefined && holds(transition.schedule))

/** Work that waits, or that comes by the clock. */
export const timing: readonly Task[] = [
  {
    name: 'every-hour', net: 'pulse',
    prompt: 'Net pulse: every hour put a token {beat: true} into `beats`.',
    reference: `places:
  beats: {category: learning, keep: 100}
transitions:
  beat:
    kind: map
    schedule: {every: 1h}
    do: {template: {beat: true}}
    out: {beats: {}}`,
    shape: [scheduled('a schedule of an hour', (schedule) => 'every' in schedule ? schedule.every === 3_600_000 : /^\d+ \* \* \* \*$/.test(schedule.cron))],
    runs: [{ fire: ['*'], then: { beats: [{ beat: true }] } }],
  },
  {
    name: 'weekday-mornings', net: 'standup',
    prompt: 'Net standup: at nine in the morning, Berlin time, Monday to Friday, put a token {text: "Stand-up!"} into `reminders`.',
    reference: `places:
  reminders: {category: task}
transitions:
  remind:
    kind: map
    schedule: {cron: '0 9 * * 1-5', timezone: Europe/Berlin}
    do: {template: {text: Stand-up!}}
    out: {reminders: {}}`,
    shape: [scheduled('a cron for nine on weekdays in Berlin', (schedule) => 'cron' in schedule && /^0 9 \* \* (1-5|MON-FRI)$/i.test(schedule.cron) && schedule.timezone === 'Europe/Berlin')],
    runs: [{ fire: ['*'], then: { reminders: [{ text: 'Stand-up!' }] } }],
  },
  {
    name: 'collect-hourly', net: 'digest',
    prompt: 'Net digest: notes {text} gather in `notes`. Every hour all notes that are there go together into one token {texts: [...]} in `digests`.',
    reference: `places:
  notes: {category: task}
  digests: {category: task}
transitions:
  gather:
    kind: map
    schedule: {every: 1h}
    in: {n: {from: notes, take: all}}
    do: {template: {texts: '\${n | map(text)}'}}
    out: {digests: {}}`,
    shape: [arc('takes all', (input) => input.take.form === 'all'), scheduled('a schedule', () => true)],
    runs: [{ put: { notes: [{ text: 'a' }, { text: 'b' }] }, fire: ['*'], then: { notes: [], digests: [{ texts: ['a', 'b'] }] } }],
  },
  {
    name: 'time-out', net: 'patience',
    prompt: 'Net patience: questions {id} wait in `asked` for an answer {id, text} in `answered`; a question with its answer goes to `closed` as {id, text}. A question that has waited two days without one goes to `overdue`.',
    reference: `places:
  asked: {category: task}
  answered: {category: task}
  closed: {category: task}
  overdue: {category: task}
transitions:
  close:
    kind: map
    in: {q: asked, a: {from: answered, where: '$.id == \${q.id}'}}
    do: {template: {id: '\${q.id}', text: '\${a.text}'}}
    out: {closed: {}}
  late:
    kind: pass
    in: {q: {from: asked, after: 2d}, a: {from: answered, where: '$.id == \${q.id}', mode: inhibit}}
    out: {overdue: {emit: '\${q}'}}`,
    shape: [arc('waits two days', (input) => input.after === 172_800_000), without('llm')],
    runs: [{ put: { asked: [{ id: 1 }, { id: 2 }], answered: [{ id: 2, text: 'yes' }] }, then: { asked: [{ id: 1 }], answered: [], closed: [{ id: 2, text: 'yes' }], overdue: [] } }],
  },
  {
    name: 'forget-after-a-week', net: 'memory',
    prompt: 'Net memory: facts {text} put into `heard` are kept in a learning place `facts`, at most 500 of them and none longer than seven days.',
    reference: `places:
  heard: {category: task}
  facts: {category: learning, keep: 500, ttl: 7d}
transitions:
  learn: {kind: pass, in: {f: heard}, out: {facts: {}}}`,
    shape: [(net) => (Object.values(net.places).some((place) => place.keep === 500 && place.ttl === 604_800_000) ? undefined : 'no place keeps 500 for seven days')],
    runs: [{ put: { heard: [{ text: 'a' }] }, then: { heard: [], facts: [{ text: 'a' }] } }],
  },
]
