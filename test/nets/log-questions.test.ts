import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoNet, realLines } from '../support/demo-net.js'
import { startRiver, type River } from '../support/river.js'

interface Answer {
  readonly question: string
  readonly answer: string
  readonly count?: number
  readonly lines?: readonly string[]
}

describe('log-questions', () => {
  const { lines } = realLines('OpenSSH/OpenSSH_2k.log', 'nets/demo/log-questions/sample.log')
  const folder = mkdtempSync(join(tmpdir(), 'agenticos-logs-'))
  let river: River

  beforeAll(async () => {
    mkdirSync(join(folder, 'logs'))
    writeFileSync(join(folder, 'logs/app.log'), lines.join('\n') + '\n')
    writeFileSync(join(folder, 'odd.log'), '-v starts with an option\n$(touch made-by-a-shell)\n`touch made-by-a-shell`; touch made-by-a-shell\nGET /api/orders\n')
    symlinkSync('/etc', join(folder, 'elsewhere'))
    river = await startRiver({ files: demoNet('log-questions'), env: { AGENTICOS_EXECUTOR_ROOTS: folder } })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  let asked = 0
  async function ask(question: string): Promise<Answer> {
    const correlation = `question-${++asked}`
    await river.put('demo/log-questions/questions', { question }, correlation)
    return await river.until('an answer comes', async () => {
      const produced = (await river.events('demo', { correlation })).flatMap((event) => event['produced'] as { place: string; data: unknown }[])
      return produced.find(({ place }) => place === 'log-questions/answers')?.data as Answer | undefined
    })
  }
  const saying = (text: string) => lines.filter((line) => line.includes(text))
  const numbered = (text: string) => lines.flatMap((line, at) => (line.includes(text) ? [`${at + 1}:${line}`] : []))

  it('counts the lines that say something', async () => {
    const word = saying('Failed password').length > 0 ? 'Failed password' : 'ERROR'
    expect(await ask(`How many lines say ${word} in logs/app.log?`)).toMatchObject({ count: saying(word).length, answer: `Lines of app.log that say "${word}": ${saying(word).length}` })
    expect(await ask(`how many lines say "${word}" in ${join(folder, 'logs/app.log')}`)).toMatchObject({ count: saying(word).length })
    expect(await ask('How many lines say nothing of the kind in logs/app.log?')).toMatchObject({ count: 0 })
  })

  it('shows the first and the last lines, with their numbers', async () => {
    const word = saying('Invalid user').length > 0 ? 'Invalid user' : 'ERROR'
    expect((await ask(`Show the first 2 lines that say ${word} in logs/app.log`)).lines).toEqual(numbered(word).slice(0, 2))
    expect((await ask(`Show the last 3 lines that say ${word} in logs/app.log.`)).lines).toEqual(numbered(word).slice(-3))
    expect((await ask('Show the last 1 lines of logs/app.log')).lines).toEqual([`${lines.length}:${lines.at(-1)}`])
    expect((await ask('Show the first 5 lines that say nothing of the kind in logs/app.log')).lines).toEqual([])
  })

  it('takes every word of a question as data: none becomes an option, a shell word or a pattern', async () => {
    expect(await ask('How many lines say -v in odd.log?')).toMatchObject({ count: 1 })
    expect(await ask('How many lines say $(touch made-by-a-shell) in odd.log?')).toMatchObject({ count: 1 })
    expect(await ask('How many lines say .* in odd.log?')).toMatchObject({ count: 0 })
    expect((await ask('Show the last 9 lines that say `touch made-by-a-shell`; touch made-by-a-shell in odd.log')).lines).toHaveLength(1)
    expect((await ask('Show the first 9 lines that say /api/ in odd.log')).lines).toEqual(['4:GET /api/orders'])
    expect(await ask('How many lines say made-by in made-by-a-shell?')).toMatchObject({ answer: expect.stringContaining('No such file') })
  })

  it.each([
    ['How many lines say root in /etc/passwd?', /^That could not be searched\. dir \/etc leads to \/\S*etc, outside of .*AGENTICOS_EXECUTOR_ROOTS/],
    ['How many lines say root in elsewhere/passwd?', /^That could not be searched\. dir elsewhere leads to \/\S*etc, outside of/],
    ['Show the last 3 lines of ../../etc/passwd', /^That could not be searched\. dir \.\.\/\.\.\/etc (leads to|is not there)/],
    ['How many lines say x in logs/missing.log?', /^That could not be searched\. .*missing\.log: No such file/],
    ['Show the last 3 lines of logs/missing.log', /^That could not be searched\. .*there is no file missing\.log in that folder/],
  ])('says clearly why it cannot search: %s', async (question, answer) => {
    expect((await ask(question)).answer).toMatch(answer)
  })

  it.each(['What is the meaning of logs?', 'How many lines', 'Show the first lines of app.log', ''])('answers an unclear question with a hint: %j', async (question) => {
    expect((await ask(question)).answer).toContain('I did not understand that. Ask "How many lines say ERROR in logs/app.log?"')
  })

  it('answers on the command line, when the put is told to wait for it', async () => {
    asked++
    const put = await river.cli('put', 'demo/log-questions/questions', '{"question": "Show the last 1 lines of odd.log"}', '--answer', 'answers', '-o', 'json')
    expect(put).toMatchObject({ code: 0, err: '' })
    expect(JSON.parse(put.out)).toMatchObject({ lines: ['4:GET /api/orders'] })
    const wrong = await river.cli('put', 'demo/log-questions/questions', '{"question": "?"}', '--answer', 'nowhere', '--timeout', '100ms')
    asked++
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('nothing came into log-questions/nowhere within 100ms') })
  })

  it('gives every question exactly one answer, and can be proven from its events', async () => {
    expect(await river.tokens('demo/log-questions/answers')).toHaveLength(asked)
    for (const place of ['questions', 'countings', 'findings', '_failed']) expect(await river.tokens(`demo/log-questions/${place}`)).toEqual([])
    expect((await river.cli('verify', 'demo')).out).toContain('demo: clean')
  })
})
