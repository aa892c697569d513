import ipaddr from 'ipaddr.js'
import { hostMatches } from './host-pattern.js'

export interface EgressRules {
  /** hosts that may be called at all; empty: every public one */
  readonly hosts: readonly string[]
  /** what may be called though it is private, or by plain http */
  readonly allow: readonly Exception[]
  /** the setting that allows more, for messages */
  readonly setting: string
}

interface Exception {
  readonly plain: boolean
  readonly host: string | undefined
  readonly range: [ipaddr.IPv4 | ipaddr.IPv6, number] | undefined
  readonly port: number | undefined
}

/** Reads AGENTICOS_EGRESS_HOSTS and _ALLOW: `host`, `*.host`, `10.0.0.0/8`, each with `:port` and with `http://` for plain http. */
export function egressRules(hosts: readonly string[], allow: readonly string[], setting = 'AGENTICOS_EGRESS_ALLOW'): EgressRules {
  return { hosts, allow: allow.map((text) => readException(text, setting)), setting }
}

function readException(text: string, setting: string): Exception {
  const [, scheme, bracketed, bare, length, port] = /^(https?:\/\/)?(?:\[([^\]]+)\]|([^:/]+|[^/]*:[^/]*:[^/]*))(\/\d+)?(?::(\d+))?\/?$/.exec(text) ?? []
  const name = bracketed ?? bare
  if (name === undefined) throw new Error(`${setting}: "${text}" is neither host, address nor range; examples: intranet.example, http://10.0.0.0/8, [::1]:8080`)
  const common = { plain: scheme === 'http://', port: port === undefined ? undefined : Number(port) }
  if (!ipaddr.isValid(name)) {
    if (length !== undefined) throw new Error(`${setting}: "${text}" has a prefix length but no address`)
    return { ...common, host: name, range: undefined }
  }
  const address = ipaddr.process(name)
  const bits = length === undefined ? (address.kind() === 'ipv4' ? 32 : 128) : Number(length.slice(1))
  if (bits > address.toByteArray().length * 8) throw new Error(`${setting}: "${text}" has a prefix longer than the address`)
  return { ...common, host: undefined, range: [address, bits] }
}

export interface Target {
  readonly plain: boolean
  readonly host: string
  readonly port: number
}

/** Why this host may not be called, before its addresses are known; undefined when it may. */
export function refuseHost(rules: EgressRules, target: Target): string | undefined {
  const address = ipaddr.isValid(target.host) ? ipaddr.process(target.host) : undefined
  if (rules.hosts.length > 0 && !rules.hosts.some((pattern) => hostMatches(pattern, target.host)) && !excepted(rules, target, address)) {
    return `${target.host} is not among the hosts of AGENTICOS_EGRESS_HOSTS`
  }
  return undefined
}

/** Why this address of a host may not be called; undefined when it may. Everything that is not public unicast needs an exception. */
export function refuseAddress(rules: EgressRules, target: Target, address: string): string | undefined {
  const parsed = ipaddr.process(address)
  const exception = excepted(rules, target, parsed)
  if (target.plain && !exception) return `plain http to ${target.host} is refused; use https, or allow http://${target.host} in ${rules.setting}`
  if (exception || isPublic(parsed)) return undefined
  return `${target.host} is at ${address}, which is a ${parsed.range()} address; allow it in ${rules.setting} if that is meant`
}

function excepted(rules: EgressRules, target: Target, address: ipaddr.IPv4 | ipaddr.IPv6 | undefined): boolean {
  return rules.allow.some((one) => {
    if (target.plain && !one.plain) return false
    if (one.port !== undefined && one.port !== target.port) return false
    if (one.host !== undefined) return hostMatches(one.host, target.host)
    return address !== undefined && one.range !== undefined && address.kind() === one.range[0].kind() && address.match(one.range)
  })
}

/** 64:ff9b::/96 and 2002::/16 carry an IPv4 address inside, which is judged instead. */
function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.kind() === 'ipv6') {
    const bytes = address.toByteArray()
    if (address.range() === 'rfc6052') return new ipaddr.IPv4(bytes.slice(12)).range() === 'unicast'
    if (address.range() === '6to4') return new ipaddr.IPv4(bytes.slice(2, 6)).range() === 'unicast'
  }
  return address.range() === 'unicast'
}
