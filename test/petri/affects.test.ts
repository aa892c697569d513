import { describe, expect, it } from 'vitest'
import { affects } from '../../petri/affects.js'
import { checkRepository } from '../../petri/doctor/check.js'
import type { Net } from '../../petri/net.js'
import { readYaml } from '../../petri/yaml/read.js'

const BASE = `
params: {threshold: 5, logs: a}
places: {lines: {category: task}, hits: {category: task}, alerts: {category: task}}
transitions:
  read: {kind: map, in: {line: lines}, do: {template: {ip: '\${line.ip}', from: '\${params.logs}'}}, out: {hits: {}}}
  raise: {kind: pass, in: {hit: {from: hits, where: '$.count >= \${params.threshold}'}}, out: {alerts: {}}}
`

function net(text: string): Net {
  const { sessions, findings } = checkRepository([readYaml('nets/demo/watch.yaml', `apiVersion: agenticos.dev/v1\nkind: Net\nmetadata: {name: watch}${text}`)])
  const found = sessions.get('demo')!.nets.get('watch')
  if (!found) throw new Error(JSON.stringify(findings))
  return found
}

const after = (change: (text: string) => string): ReturnType<typeof affects> => affects(net(BASE), net(change(BASE)))

describe('what a change means for the running state', () => {
  it('is nothing for words, layout and order', () => {
    expect(after((text) => `${text.replace('kind: pass,', 'kind: pass, title: Raise it, description: loudly,')}layout: {lines: [1, 2]}\n`)).toEqual({ transitions: [], appeared: [], disappeared: [] })
  })

  it('is the transition whose arcs or inscription changed', () => {
    expect(after((text) => text.replace("'${line.ip}'", "'${line.address}'")).transitions).toEqual(['read'])
    expect(after((text) => text.replace('where: ', 'orderBy: $.at, where: ')).transitions).toEqual(['raise'])
  })

  it('is the transitions that name a changed param, filled in or not', () => {
    expect(after((text) => text.replace('threshold: 5', 'threshold: 6')).transitions).toEqual(['raise'])
    expect(after((text) => text.replace('logs: a', 'logs: b')).transitions).toEqual(['read'])
  })

  it('is both names of a renamed place, and the transitions at its arcs', () => {
    expect(after((text) => text.replaceAll('alerts', 'alarms'))).toEqual({ transitions: ['raise'], appeared: ['watch/alarms'], disappeared: ['watch/alerts'] })
  })

  it('is everything of a net that comes or goes', () => {
    const one = net(BASE)
    const places = ['watch/lines', 'watch/hits', 'watch/alerts']
    expect(affects(undefined, one)).toEqual({ transitions: ['raise', 'read'], appeared: places, disappeared: [] })
    expect(affects(one, undefined)).toEqual({ transitions: ['raise', 'read'], appeared: [], disappeared: places })
  })
})
