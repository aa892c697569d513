import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface CorpusRow {
  readonly file: string
  readonly bytes: Uint8Array
  readonly expect: string
  readonly places: number | undefined
  readonly transitions: number | undefined
  readonly arcs: number | undefined
}

const FOLDER = fileURLToPath(new URL('../../../shared/pnml-corpus/', import.meta.url))

/** The PNML files of other tools that lie beside the repository; in a bare clone a few of our own. */
export function pnmlCorpus(): { readonly source: string; readonly rows: readonly CorpusRow[] } {
  if (!existsSync(`${FOLDER}index.tsv`)) return { source: 'our own few files (shared/pnml-corpus is not there)', rows: OWN }
  const [head = '', ...lines] = readFileSync(`${FOLDER}index.tsv`, 'utf8').trimEnd().split('\n')
  const columns = head.split('\t')
  const rows = lines.map((line): CorpusRow => {
    const cells = line.split('\t')
    const cell = (name: string): string => cells[columns.indexOf(name)] ?? ''
    const number = (name: string): number | undefined => (cell(name) === '' ? undefined : Number(cell(name)))
    return { file: cell('file'), bytes: readFileSync(FOLDER + cell('file')), expect: cell('expect'), places: number('places'), transitions: number('transitions'), arcs: number('arcs') }
  })
  return { source: FOLDER, rows }
}

const NET = 'http://www.pnml.org/version-2009/grammar/'
const own = (file: string, expect: string, text: string, counts: readonly [number, number, number] | []): CorpusRow => ({ file, expect, bytes: new TextEncoder().encode(text), places: counts[0], transitions: counts[1], arcs: counts[2] })
const net = (body: string, type = 'ptnet'): string => `<pnml xmlns="${NET}pnml"><net id="n" type="${NET}${type}"><page id="g">${body}</page></net></pnml>`
const OWN: readonly CorpusRow[] = [
  own('store.pnml', 'accept', net('<place id="p"><initialMarking><text>3</text></initialMarking></place><transition id="t"/><arc id="a" source="p" target="t"><inscription><text>2</text></inscription></arc>'), [1, 1, 1]),
  own('pages.pnml', 'accept', net('<place id="p"/><page id="h"><referencePlace id="r" ref="p"/><transition id="t"/><arc id="a" source="r" target="t"/></page>'), [1, 1, 1]),
  own('symmetric.pnml', 'refuse-or-unfold', net('<place id="p"/>', 'symmetricnet'), []),
  own('missing.pnml', 'refuse', net('<transition id="t"/><arc id="a" source="nowhere" target="t"/>'), []),
]
