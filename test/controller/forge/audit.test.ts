import { describe, expect, it } from 'vitest'
import { testForge } from '../../support/forge.js'

describe('the audit ref', () => {
  it('seals heads in commits that git log tells, and makes none for the same heads', async () => {
    const { forge, git } = await testForge()
    expect(await forge.audit.last('demo')).toBeUndefined()
    await forge.audit.seal([{ session: 'demo', seq: 3, head: 'aa' }, { session: 'other', seq: 1, head: 'bb' }])
    await forge.audit.seal([{ session: 'demo', seq: 3, head: 'aa' }])
    await forge.audit.seal([{ session: 'demo', seq: 9, head: 'cc' }])
    expect(await forge.audit.last('demo')).toEqual({ session: 'demo', seq: 9, head: 'cc' })
    expect(await forge.audit.last('other')).toEqual({ session: 'other', seq: 1, head: 'bb' })
    expect((await git.text(['log', '--format=%s', 'refs/audit/log'])).split('\n')).toEqual(['Seal the log of demo', 'Seal the log of 2 sessions'])
  })

  it('takes the seals of two controllers at once', async () => {
    const { forge, git } = await testForge()
    await Promise.all(Array.from({ length: 6 }, (_, n) => forge.audit.seal([{ session: `s${n}`, seq: n, head: `${n}` }])))
    for (let n = 0; n < 6; n++) expect(await forge.audit.last(`s${n}`)).toEqual({ session: `s${n}`, seq: n, head: `${n}` })
    expect((await git.text(['log', '--format=%s', 'refs/audit/log'])).split('\n')).toHaveLength(6)
  })
})
