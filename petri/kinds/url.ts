import { fill, type Roots } from '../template.js'
import { fillPiece, pieces, textOf } from './pieces.js'
import { RequestFault } from './request-fault.js'

const HOST = /^https?:\/\/[^/?#\\\s]+[/?#]/i

/** How a URL is made of roots: one `${}` is a whole URL; else data stands behind the host only, as one segment or value. */
export function urlBuilder(written: string): (roots: Roots) => string {
  const parts = pieces(written)
  const [only] = parts
  if (parts.length === 1 && only?.form === 'data') return (roots) => whole(textOf(fill(only.template, roots)), written)
  return (roots) => {
    let url = ''
    let data = false
    for (const part of parts) {
      const text = fillPiece(part, roots)
      if (part.form === 'text' || (part.form === 'data' && part.fixed)) {
        url += text
        continue
      }
      if (!HOST.test(url)) throw new RequestFault('bad-url', `data stands before the end of the host in ${written}`)
      data = true
      url += hole(text, url, written)
    }
    return checked(url, written, data)
  }
}

/** Marks where data begins and ends while the URL is put together; no URL holds these. */
const [BEGIN, END] = ['\u0001', '\u0002']

function hole(text: string, before: string, written: string): string {
  const inPath = !/[?#]/.test(before.replace(/^[^:]*:\/\//, ''))
  if (inPath && text === '' && /\/$/.test(before)) throw new RequestFault('bad-url', `an empty value would make another path of ${written}`)
  return `${BEGIN}${encodeURIComponent(text)}${END}`
}

function checked(marked: string, written: string, data: boolean): string {
  const path = marked.replace(/^[^:]*:\/\/[^/?#]*/, '').split(/[?#]/, 1)[0]!
  for (const segment of data ? path.split('/') : []) {
    if (!segment.includes(BEGIN)) continue
    const plain = segment.replaceAll(BEGIN, '').replaceAll(END, '')
    if (/^(\.|%2e){1,2}$/i.test(plain)) throw new RequestFault('bad-url', `a value makes the path segment "${plain}" of ${written}, which would lead elsewhere`)
  }
  return whole(marked.replaceAll(BEGIN, '').replaceAll(END, ''), written)
}

/** A whole URL: http or https, with a host and no user part. What hosts are allowed is the executor's to say. */
function whole(url: string, written: string): string {
  if (/[\s\\]/.test(url) || !URL.canParse(url)) throw new RequestFault('bad-url', `${written} gives ${JSON.stringify(url.slice(0, 100))}, which is no URL`)
  const { protocol, username, password } = new URL(url)
  if (protocol !== 'https:' && protocol !== 'http:') throw new RequestFault('bad-url', `${written} gives a URL of ${protocol}//, and a request goes over https or http`)
  if (username !== '' || password !== '') throw new RequestFault('bad-url', `${written} gives a URL with a user part`)
  return url
}
