-- compatible: columns with defaults, and the functions that keep the ledger of model calls and of money
-- budgets and periods whose end a firing was told of already: told once
alter table runtime.effects add column exceeded text[] not null default '{}';
-- how often its executor was lost: work that can go on from its record is put back a few times, without using up an attempt
alter table runtime.effects add column lost integer not null default 0;
-- leases that had the call granted before: what they spent is booked though they are over
alter table runtime.calls add column earlier uuid[] not null default '{}';
-- when the period ends; null: with the firing
alter table runtime.budgets add column until timestamptz;
create index budgets_until on runtime.budgets (until);

-- petri/models.ts costMicros, exactly: whole micro-dollars, rounded up.
create function runtime.cost_micros(p_price jsonb, p_input bigint, p_cached bigint, p_output bigint) returns bigint language sql immutable as $$
  select ceil(((p_input - least(p_cached, p_input))::numeric * (p_price ->> 'input')::numeric
             + least(p_cached, p_input)::numeric * (p_price ->> 'cached')::numeric
             + p_output::numeric * (p_price ->> 'output')::numeric) / 1000000)::bigint
$$;

-- Dollars as people read them: 2.00, 0.0125
create function runtime.usd(p_micros bigint) returns text language sql immutable as $$
  select to_char(p_micros::numeric / 1000000, 'FM999999999990.009999')
$$;

-- Whether a list of globs (null: all) covers a session; a name has no part but one, so * and ** are the same.
create function runtime.covers(p_globs jsonb, p_session text) returns boolean language sql immutable as $$
  select p_globs is null or exists (
    select from jsonb_array_elements_text(p_globs) as g (glob)
     where p_session like replace(replace(replace(replace(g.glob, '\', '\\'), '%', '\%'), '_', '\_'), '*', '%'))
$$;

-- What was spent already when a scope is first asked about in its period. Of an hour the days know nothing: 0.
create function runtime.spent_before(p_scope text, p_period text) returns bigint language sql stable as $$
  select coalesce(sum(s.micros), 0)::bigint
    from (select split_part(p_scope, ':', 1) as kind, substr(p_scope, strpos(p_scope, ':') + 1) as name) as k,
         (select case when length(p_period) = 10 then p_period::date when length(p_period) = 7 then (p_period || '-01')::date end as since) as d,
         runtime.spend s
   where s.day >= d.since and s.day < d.since + case when length(p_period) = 10 then interval '1 day' else interval '1 month' end
     and case k.kind
           when 'session' then s.session = k.name
           when 'net' then s.session = split_part(k.name, '/', 1) and s.net = split_part(k.name, '/', 2)
           when 'transition' then s.session = split_part(k.name, '/', 1) and s.net = split_part(k.name, '/', 2) and s.transition = split_part(k.name, '/', 3)
           when 'policy' then exists (
             select from design.settings o, jsonb_array_elements(o.policy -> 'budgets') as b (rule)
              where b.rule ->> 'name' = k.name and runtime.covers(b.rule -> 'sessions', s.session))
           else false end
$$;

-- Grants model calls, each judged by itself in the order given. One round trip, and locks always in the order
-- effects, calls, spend, budgets, each by key: batches that meet never wait in a circle.
-- p_calls: [{nth, session, firing, attempt, lease, call, model, micros, price, most, scopes, rate}]; scopes and rate are
-- places in the arrays of scopes. It does not wait for the disk: a grant that a crash of the database forgets is booked when it is recorded.
-- Plans are kept from when the tables were small: they may only ever use the indexes.
create function runtime.grant_calls(
  p_executor text, p_calls json, p_scopes text[], p_periods text[], p_mosts bigint[], p_untils timestamptz[], p_words text[]
) returns table (nth integer, verdict text, reserved bigint, known jsonb, scope integer, soon boolean, message text, told boolean) language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
#variable_conflict use_column
declare
  v_spent bigint[];
  v_held bigint[];
  v_granted integer[] := '{}';
  c record;
  k integer;
  v_refusing integer;
  v_key text;
begin
  perform set_config('synchronous_commit', 'off', true);
  perform runtime.lock_calls(array_agg(g.session), array_agg(g.firing), array_agg(g.call))
     from json_to_recordset(p_calls) as g (session text, firing bigint, call integer);

  if cardinality(p_scopes) > 0 then
    insert into runtime.budgets (scope, period, most, until, spent)
    select s.scope, s.period, s.most, s.until, case when s.scope like 'rate:%' or s.period = 'firing' then 0 else runtime.spent_before(s.scope, s.period) end
      from unnest(p_scopes, p_periods, p_mosts, p_untils) as s (scope, period, most, until)
     where not exists (select from runtime.budgets b where b.scope = s.scope and b.period = s.period)
     order by s.scope, s.period
    on conflict (scope, period) do nothing;
    select array_agg(l.spent order by s.k), array_agg(l.reserved order by s.k) into v_spent, v_held
      from (select b.scope, b.period, b.spent, b.reserved from unnest(p_scopes, p_periods) as g (scope, period)
              join runtime.budgets b on g.scope = b.scope and g.period = b.period
             order by b.scope, b.period for update of b) l
      join unnest(p_scopes, p_periods) with ordinality as s (scope, period, k) on l.scope = s.scope and l.period = s.period;
  end if;

  -- A statement of its own, after the locks: a stop locks what is leased before it is acknowledged, so it is seen here or comes after us.
  for c in
    select g.*, e.net, e.transition, e.exceeded, e.request ->> 'correlation' as correlation,
           t.kind, t.state, t.name, t.lease as held_by, t.reserved as held_micros, case when t.state = 'recorded' then t.output end as output,
           coalesce(e.state = 'leased' and e.executor = p_executor and e.lease = g.lease and e.attempt = g.attempt
             and e.lease_until > clock_timestamp() and e.cancel is null, false)
           and not exists (select from runtime.lifecycle s where s.state = 'stopped' and s.session in ('*', e.session)
             and s.net in ('', e.net) and s.transition in ('', e.transition)) as good
      from json_to_recordset(p_calls) as g (nth integer, session text, firing bigint, attempt integer, lease uuid, call integer, model text,
                                            micros bigint, scopes integer[], rate integer)
      left join runtime.effects e on e.session = g.session and e.firing = g.firing
      left join runtime.calls t on t.session = g.session and t.firing = g.firing and t.call = g.call
     order by g.nth
  loop
    nth := c.nth; reserved := null; known := null; scope := null; soon := false; message := null; told := false;
    if not c.good then
      verdict := 'lost'; return next; continue;
    elsif c.kind = 'tool' then
      verdict := 'taken'; return next; continue;
    elsif c.state = 'recorded' then
      verdict := 'recorded'; known := c.output; return next; continue;
    elsif c.state = 'granted' and c.name = c.model and (c.held_micros > 0 or c.held_by = c.lease) then
      -- its reservation stands: it is taken up by this attempt
      if c.held_by <> c.lease then
        update runtime.calls t set lease = c.lease, earlier = t.earlier || t.lease where t.session = c.session and t.firing = c.firing and t.call = c.call;
      end if;
      verdict := 'granted'; reserved := c.held_micros; return next; continue;
    end if;

    v_refusing := null;
    if c.micros > 0 then
      foreach k in array c.scopes loop
        if v_spent[k] + v_held[k] + c.micros > p_mosts[k] then
          v_refusing := k; exit;
        end if;
      end loop;
    end if;
    if v_refusing is null and c.rate is not null and v_spent[c.rate] >= p_mosts[c.rate] then
      verdict := 'wait'; scope := c.rate; message := p_words[c.rate]; return next; continue;
    end if;
    if v_refusing is null then
      if c.rate is not null then v_spent[c.rate] := v_spent[c.rate] + 1; end if;
      if c.micros > 0 then
        foreach k in array c.scopes loop v_held[k] := v_held[k] + c.micros; end loop;
      end if;
      v_granted := v_granted || c.nth;
      verdict := 'granted'; reserved := c.micros; return next; continue;
    end if;

    scope := v_refusing;
    -- only what others set aside is in the way: it comes free soon
    soon := v_spent[scope] + c.micros <= p_mosts[scope];
    verdict := case when c.micros > p_mosts[scope] or (p_periods[scope] = 'firing' and not soon) then 'refused' else 'wait' end;
    message := format('%s, %s spent, %s reserved; this call may cost %s%s', p_words[scope], runtime.usd(v_spent[scope]), runtime.usd(v_held[scope]),
                      runtime.usd(c.micros), case when c.micros > p_mosts[scope] then ', more than the whole budget' else '' end);
    v_key := p_scopes[scope] || ' ' || p_periods[scope];
    if not soon or verdict = 'refused' then
      update runtime.effects e set exceeded = e.exceeded || v_key where e.session = c.session and e.firing = c.firing and not (v_key = any (e.exceeded));
      if found then
        told := true;
        insert into runtime.inbox (session, kind, body)
        values (c.session, 'note', jsonb_build_object('notes', jsonb_build_array(jsonb_build_object(
          'type', 'budget.exceeded', 'net', c.net, 'transition', c.net || '/' || c.transition, 'firing', c.firing, 'call', c.call, 'scope', p_scopes[scope],
          'period', p_periods[scope], 'message', message, 'correlation', coalesce(c.correlation, ''))))::text);
      end if;
    end if;
    return next;
  end loop;

  if cardinality(v_granted) > 0 then
    insert into runtime.calls (session, firing, call, kind, state, name, input, lease, scopes, periods, reserved)
    select g.session, g.firing, g.call, 'model', 'granted', g.model, jsonb_build_object('price', g.price, 'most', g.most), g.lease,
           coalesce(s.scopes, '{}'), coalesce(s.periods, '{}'), g.micros
      from json_to_recordset(p_calls) as g (nth integer, session text, firing bigint, lease uuid, call integer, model text,
                                            micros bigint, price jsonb, most jsonb, scopes integer[])
     cross join lateral (select array_agg(p_scopes[i]) as scopes, array_agg(p_periods[i]) as periods from unnest(g.scopes) as u (i)) s
     where g.nth = any (v_granted)
    on conflict (session, firing, call) do update
      set name = excluded.name, input = excluded.input, lease = excluded.lease, scopes = excluded.scopes, periods = excluded.periods,
          reserved = excluded.reserved, at = now(), earlier = runtime.calls.earlier || runtime.calls.lease;
  end if;
  if cardinality(p_scopes) > 0 then
    update runtime.budgets b set spent = s.spent, reserved = s.held, most = s.most
      from unnest(p_scopes, p_periods, v_spent, v_held, p_mosts) as s (scope, period, spent, held, most)
     where b.scope = s.scope and b.period = s.period and (b.spent, b.reserved, b.most) is distinct from (s.spent, s.held, s.most);
  end if;
end $$;

-- Locks the effects and rows of calls, each by key.
create function runtime.lock_calls(p_sessions text[], p_firings bigint[], p_calls integer[]) returns void language plpgsql as $$
begin
  perform from (select distinct g.session, g.firing from unnest(p_sessions, p_firings) as g (session, firing)) g
    join runtime.effects e on g.session = e.session and g.firing = e.firing
   order by e.session, e.firing for update of e;
  perform from unnest(p_sessions, p_firings, p_calls) as g (session, firing, call)
    join runtime.calls t on g.session = t.session and g.firing = t.firing and g.call = t.call
   order by t.session, t.firing, t.call for update of t;
end $$;

-- Books what model calls cost: each once, however often it is told, also when its lease is over: the money is spent.
-- p_calls: [{nth, session, firing, attempt, lease, call, model, price, input, cached, output, sent, purpose, said, note}], no
-- call twice; note is the rest of the event's JSON object, without braces. p_sessions, p_firings, p_numbers: the same calls.
create function runtime.record_calls(p_executor text, p_calls json, p_sessions text[], p_firings bigint[], p_numbers integer[])
returns table (nth integer, session text, verdict text, micros bigint) language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
#variable_conflict use_column
declare
  v_nths integer[];
  v_sessions text[];
  v_verdicts text[];
  v_micros bigint[];
  m_scopes text[];
  m_periods text[];
  m_spent bigint[];
  m_freed bigint[];
begin
  perform runtime.lock_calls(p_sessions, p_firings, p_numbers);
  with known as materialized (
    select g.*, coalesce(e.net, '') as net, coalesce(e.transition, '') as transition, coalesce(e.request ->> 'correlation', '') as correlation,
           t.reserved, t.scopes, t.periods, coalesce(t.input -> 'price', g.price) as at_price,
           case when t.kind = 'tool' then 'lost'
                when t.state = 'recorded' then 'repeated'
                when e.state = 'leased' and e.executor = p_executor and e.lease = g.lease and e.attempt = g.attempt then 'recorded'
                when t.lease = g.lease or g.lease = any (t.earlier) then 'recorded'
                else 'lost' end as verdict
      from json_to_recordset(p_calls) as g (nth integer, session text, firing bigint, attempt integer, lease uuid, call integer, model text, price jsonb,
                                            input bigint, cached bigint, output bigint, sent jsonb, purpose text, said jsonb, note text)
      left join runtime.effects e on e.session = g.session and e.firing = g.firing
      left join runtime.calls t on t.session = g.session and t.firing = g.firing and t.call = g.call
  ), judged as materialized (
    select k.*, case when k.verdict = 'recorded' then coalesce(runtime.cost_micros(k.at_price, k.input, k.cached, k.output), 0) else 0 end as micros from known k
  ), kept as (
    insert into runtime.calls (session, firing, call, kind, state, name, input, output, lease, micros)
    select session, firing, call, 'model', 'recorded', model, jsonb_build_object('price', at_price, 'purpose', purpose, 'sent', sent), said, lease, micros
      from judged where verdict = 'recorded'
    on conflict (session, firing, call) do update
      set state = 'recorded', name = excluded.name, input = excluded.input, output = excluded.output, micros = excluded.micros, reserved = 0
  ), added as (
    insert into runtime.spend (session, day, net, transition, model, calls, input, cached, output, micros)
    select session, (now() at time zone 'utc')::date, net, transition, model, count(*), sum(input), sum(cached), sum(output), sum(micros)
      from judged where verdict = 'recorded' group by session, net, transition, model order by session, net, transition, model
    on conflict (session, day, net, transition, model) do update
      set calls = runtime.spend.calls + excluded.calls, input = runtime.spend.input + excluded.input, cached = runtime.spend.cached + excluded.cached,
          output = runtime.spend.output + excluded.output, micros = runtime.spend.micros + excluded.micros
  ), told as (
    insert into runtime.inbox (session, kind, body)
    select session, 'note', '{"notes":[' || string_agg(format(
             '{"type":"llm.called","net":%s,"transition":%s,"firing":%s,"call":%s,"micros":%s,"usd":%s,"correlation":%s%s,%s}',
             to_json(net), to_json(net || '/' || transition), firing, call, micros, trim_scale(micros::numeric / 1000000), to_json(correlation),
             case when micros > coalesce(reserved, micros) then format(',"over":%s', micros - reserved) else '' end, note), ',' order by nth) || ']}'
      from judged where verdict = 'recorded' group by session order by session
  ), moved as (
    select array_agg(u.scope) as scopes, array_agg(u.period) as periods, array_agg(j.micros) as spent, array_agg(j.reserved) as freed
      from judged j cross join lateral unnest(j.scopes, j.periods) as u (scope, period) where j.verdict = 'recorded'
  )
  select array_agg(j.nth), array_agg(j.session), array_agg(j.verdict), array_agg(j.micros), (select scopes from moved), (select periods from moved),
         (select spent from moved), (select freed from moved)
    into v_nths, v_sessions, v_verdicts, v_micros, m_scopes, m_periods, m_spent, m_freed from judged j;
  perform runtime.move_money(m_scopes, m_periods, m_spent, m_freed);
  return query select * from unnest(v_nths, v_sessions, v_verdicts, v_micros);
end $$;

-- Adds to what is spent and takes from what is reserved, rows locked by key.
create function runtime.move_money(p_scopes text[], p_periods text[], p_spent bigint[], p_freed bigint[]) returns void language plpgsql as $$
begin
  if p_scopes is null then return; end if;
  perform from runtime.budgets b
    join (select distinct scope, period from unnest(p_scopes, p_periods) as g (scope, period)) g on g.scope = b.scope and g.period = b.period
   order by b.scope, b.period for update of b;
  update runtime.budgets b set spent = b.spent + m.spent, reserved = greatest(0, b.reserved - m.freed)
    from (select g.scope, g.period, sum(g.spent) as spent, sum(g.freed) as freed
            from unnest(p_scopes, p_periods, p_spent, p_freed) as g (scope, period, spent, freed) group by g.scope, g.period) m
   where b.scope = m.scope and b.period = m.period;
end $$;

-- Gives back what calls had set aside whose lease is over. Says how many. The rows are locked first and judged after,
-- by what the leases are then: a call that a new attempt has just taken up keeps its money.
create function runtime.free_reservations() returns bigint language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
declare
  v_keys jsonb;
  v_scopes text[];
  v_periods text[];
  v_freed bigint[];
  n bigint;
begin
  select jsonb_agg(jsonb_build_object('session', l.session, 'firing', l.firing, 'call', l.call)) into v_keys
    from (select c.session, c.firing, c.call from runtime.calls c
           where c.state = 'granted' and c.reserved > 0
             and not exists (select from runtime.effects e where e.session = c.session and e.firing = c.firing and e.state = 'leased' and e.lease = c.lease)
           order by c.session, c.firing, c.call limit 5000 for update of c skip locked) l;
  if v_keys is null then return 0; end if;
  with dead as (
    select c.session, c.firing, c.call, c.scopes, c.periods, c.reserved
      from jsonb_to_recordset(v_keys) as k (session text, firing bigint, call integer)
      join runtime.calls c on c.session = k.session and c.firing = k.firing and c.call = k.call and c.state = 'granted'
     where not exists (select from runtime.effects e where e.session = c.session and e.firing = c.firing and e.state = 'leased' and e.lease = c.lease)
  ), freed as (
    update runtime.calls c set reserved = 0 from dead d where c.session = d.session and c.firing = d.firing and c.call = d.call
  )
  select array_agg(u.scope), array_agg(u.period), array_agg(d.reserved), count(distinct (d.session, d.firing, d.call)) into v_scopes, v_periods, v_freed, n
    from dead d cross join lateral unnest(d.scopes, d.periods) as u (scope, period);
  if v_scopes is not null then
    perform runtime.move_money(v_scopes, v_periods, array_fill(0::bigint, array[cardinality(v_scopes)]), v_freed);
  end if;
  return coalesce(n, 0);
end $$;

-- Money that commands and calls spent outside (`cost:`): added to what `cost` shows, and to the budgets that are kept just now.
create or replace function runtime.book(p_session text, p_at timestamptz, p_booked json) returns void language plpgsql as $$
declare
  v_scopes text[];
  v_periods text[];
  v_spent bigint[];
begin
  select array_agg(b.scope), array_agg(b.period), array_agg(m.micros) into v_scopes, v_periods, v_spent
    from (select net, transition, sum(micros)::bigint as micros from json_to_recordset(p_booked) as g (net text, transition text, micros bigint) group by net, transition) m
    join runtime.budgets b on b.until > p_at and (
      b.scope in ('session:' || p_session, 'net:' || p_session || '/' || m.net, 'transition:' || p_session || '/' || m.net || '/' || m.transition)
      or (b.scope like 'policy:%' and exists (
        select from design.settings o, jsonb_array_elements(o.policy -> 'budgets') as r (rule)
         where r.rule ->> 'name' = substr(b.scope, 8) and runtime.covers(r.rule -> 'sessions', p_session))))
     and b.period in (to_char(p_at at time zone 'utc', 'YYYY-MM-DD'), to_char(p_at at time zone 'utc', 'YYYY-MM'), to_char(p_at at time zone 'utc', 'YYYY-MM-DD"T"HH24'));
  insert into runtime.spend (session, day, net, transition, model, calls, micros)
  select p_session, (p_at at time zone 'utc')::date, b.net, b.transition, '', count(*), sum(b.micros)
    from json_to_recordset(p_booked) as b (net text, transition text, micros bigint) group by b.net, b.transition order by b.net, b.transition
  on conflict (session, day, net, transition, model) do update
    set calls = runtime.spend.calls + excluded.calls, micros = runtime.spend.micros + excluded.micros;
  if v_scopes is not null then
    perform runtime.move_money(v_scopes, v_periods, v_spent, array_fill(0::bigint, array[cardinality(v_scopes)]));
  end if;
end $$;
