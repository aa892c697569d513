import { describe, expect, it } from 'vitest'
import { checkRepository } from '../../../petri/doctor/check.js'
import { exampleOf } from './examples.js'

const found = (block: string): string[] => checkRepository(exampleOf(block).drafts).findings.filter(({ level }) => level !== 'info').map(({ level, code, file, element }) => `${level} ${code} ${file} ${element}`)
const sender = (sends: string): string => `# nets/shop/checkout.yaml\nplaces: {carts: {category: task}, orders: {category: task, sends: ${sends}}}\ntransitions:\n  order: {kind: pass, in: {cart: carts}, out: {orders: {}}}\n`
const receiver = (open: string, more = ''): string => `# nets/billing/inbox.yaml\nplaces: {orders: {category: task${open}}, billed: {category: task}${more}}\ntransitions:\n  bill: {kind: pass, in: {order: orders}, out: {billed: {}}}\n`

describe('two sessions', () => {
  it('may send where both sides say so, in whatever order the files come', () => {
    expect(found(sender('billing/inbox/orders') + receiver(', open: [shop]'))).toEqual([])
    expect(found(receiver(', open: ["s*"]') + sender('billing/inbox/orders'))).toEqual([])
  })

  it('may not when one side is silent, elsewhere, or not the owner', () => {
    const finding = (code: string): string[] => [`error ${code} nets/shop/checkout.yaml checkout/orders`]
    expect(found(sender('billing/inbox/orders') + receiver(''))).toEqual(finding('not-open'))
    expect(found(sender('billing/inbox/orders') + receiver(', open: [market]'))).toEqual(finding('not-open'))
    expect(found(sender('billing/outbox/orders') + receiver(', open: [shop]'))).toEqual(finding('sends-unknown'))
    expect(found(sender('billing/outbox/desk') + receiver(', open: [shop]') + '# nets/billing/outbox.yaml\nplaces: {desk: {shares: inbox/orders}, seen: {category: task}}\ntransitions:\n  see: {kind: pass, in: {order: {from: desk, where: "$.seen == true"}}, out: {seen: {}}}\n')).toContain(finding('not-open')[0])
  })

  it('of the same net name are two nets', () => {
    const one = (session: string): string => `# nets/${session}/work.yaml\nplaces: {jobs: {category: task}, done: {category: task}}\ntransitions:\n  finish: {kind: pass, in: {job: jobs}, out: {done: {}}}\n`
    const { sessions, findings } = checkRepository(exampleOf(one('a') + one('b')).drafts)
    expect(findings).toEqual([])
    expect([...sessions].map(([session, { nets }]) => [session, [...nets.keys()], nets.get('work')!.session])).toEqual([['a', ['work'], 'a'], ['b', ['work'], 'b']])
  })
})

describe('a net with errors', () => {
  it('is left out, and its neighbours are judged as if it stood there', () => {
    const block = '# nets/demo/owner.yaml\nplaces: {jobs: {category: task}}\ntransitions:\n  loop: {kind: pass, in: {job: jobs}, out: {jbos: {}}}\n# nets/demo/user.yaml\nplaces: {jobs: {shares: owner/jobs, category: task}, done: {category: task}}\ntransitions:\n  finish: {kind: pass, in: {job: {from: jobs, where: "$.n == 1"}}, out: {done: {}}}\n'
    const { sessions, findings } = checkRepository(exampleOf(block).drafts)
    expect(findings.filter(({ level }) => level === 'error').map(({ code, file }) => `${code} ${file}`)).toEqual(['dangling-arc nets/demo/owner.yaml'])
    expect([...sessions.get('demo')!.nets.keys()]).toEqual(['user'])
  })

  it('may have a name that objects have of themselves', () => {
    expect(found('places: {constructor: {category: task}, done: {category: task}}\ntransitions:\n  valueof: {kind: pass, in: {constructor: constructor, job: {from: tostring, mode: inhibit}}, out: {done: {}}}\n')).toEqual(['error dangling-arc nets/demo/example.yaml example/valueof'])
  })
})

describe('a sharer', () => {
  const shared = (category: string): string => `# nets/demo/owner.yaml\nplaces: {jobs: {category: task}, done: {category: task}}\ntransitions:\n  a: {kind: pass, in: {job: {from: jobs, where: "$.n == 2"}}, out: {done: {}}}\n# nets/demo/user.yaml\nplaces: {jobs: {shares: owner/jobs${category}}, done: {category: task}}\ntransitions:\n  b: {kind: pass, in: {job: {from: jobs, where: "$.n == 1"}}, out: {done: {}}}\n`

  it('may repeat the owner’s category, not contradict it', () => {
    expect(found(shared(', category: task'))).toEqual([])
    expect(found(shared(', category: context'))).toContain('error keys-on-sharer nets/demo/user.yaml user/jobs')
  })
})
