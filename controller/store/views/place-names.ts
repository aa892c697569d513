/**
 * `places`: the places of session $1 that hold tokens, by hopping from one to the next in tokens_by_place: as many steps
 * as there are places, however many tokens lie in them.
 */
export const PLACES = `with recursive hops as (
       (select place from runtime.tokens where session = $1 order by place limit 1)
       union all
       select (select t.place from runtime.tokens t where t.session = $1 and t.place > hops.place order by t.place limit 1)
       from hops where hops.place is not null),
     places as materialized (select place from hops where place is not null)`
