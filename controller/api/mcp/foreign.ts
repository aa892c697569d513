import { isIP } from 'node:net'

// A page of some site may be led to us by a name that its owner lets point at this machine (DNS rebinding). Then the host it
// calls is a name of theirs, and the origin is theirs. A host that is an address cannot be led anywhere.

/** Why a request comes from a page, or by a name, that is not ours; undefined when nothing speaks against it. */
export function foreign(host: string | undefined, origin: string | undefined, publicUrl: string | undefined): string | undefined {
  const own = publicUrl === undefined ? undefined : hostOf(publicUrl)
  const called = host === undefined ? undefined : hostOf(`http://${host}`)
  if (called === undefined) return 'the request names no host'
  if (!isLocal(called) && isIP(called.replace(/^\[|\]$/g, '')) === 0 && called !== own) return `${called} is not a name of this controller`
  if (origin === undefined) return undefined
  const from = hostOf(origin)
  return from !== undefined && (isLocal(from) || from === own) ? undefined : `a page of ${origin.slice(0, 200)} may not call this controller`
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase() : undefined
}

function isLocal(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host)
}
