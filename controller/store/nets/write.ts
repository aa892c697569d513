import type { Queryable } from '../database.js'

export interface NetVersion {
  readonly session: string
  readonly net: string
  readonly identity: string
  readonly path: string
  readonly blob: string
  readonly definition: object
  readonly findings: readonly object[]
}

export interface Written {
  readonly session: string
  readonly net: string
  readonly identity: string
  /** hash of the definition as Postgres holds it */
  readonly seal: string
}

/** Adds checked nets; one that is there already is made equal again if it differs. The seals of what was given. */
export async function writeNets(db: Queryable, nets: readonly NetVersion[]): Promise<Written[]> {
  return await db.query<Written>(
    `with given as (
       select * from jsonb_to_recordset($1::jsonb)
         as g(session text, net text, identity text, path text, blob text, definition jsonb, findings jsonb)
     ), written as (
       insert into design.nets as n (session, net, identity, path, blob, definition, findings)
       select session, net, identity, path, blob, definition, findings from given order by session, net, identity
       on conflict (session, net, identity) do update set definition = excluded.definition, findings = excluded.findings
         where n.definition <> excluded.definition
     )
     select session, net, identity, md5(definition::text) as seal from given`,
    [JSON.stringify(nets)])
}
