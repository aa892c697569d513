-- What all migrations together make, as the database tells it. Written by the tests: npx vitest run test/controller/store/schema.test.ts -u

-- tables
table design.generations (
  session text not null,
  generation bigint not null,
  commit text not null,
  config jsonb not null,
  nets jsonb not null,
  created_at timestamp with time zone not null default now()
)
table design.nets (
  session text not null,
  net text not null,
  identity text not null,
  path text not null,
  blob text not null,
  definition jsonb not null,
  findings jsonb not null default '[]'::jsonb,
  created_at timestamp with time zone not null default now()
)
table design.repository (
  one boolean not null default true,
  attempted text not null default ''::text,
  applied text not null default ''::text,
  suspended boolean not null default false,
  requested_at timestamp with time zone,
  conditions jsonb not null default '[]'::jsonb,
  updated_at timestamp with time zone not null default now()
)
table design.revisions (
  sequence bigint not null generated always as identity,
  commit text not null,
  parents text[] not null default '{}'::text[],
  author text not null default ''::text,
  subject text not null default ''::text,
  committed_at timestamp with time zone,
  state text not null,
  reason text not null default ''::text,
  findings jsonb not null default '[]'::jsonb,
  attempted_at timestamp with time zone not null default now(),
  applied_at timestamp with time zone
)
table design.settings (
  one boolean not null default true,
  commit text not null default ''::text,
  models jsonb not null default '{"tiers": {}, "models": {}}'::jsonb,
  policy jsonb not null default '{}'::jsonb,
  updated_at timestamp with time zone not null default now()
)
table public.agenticos_migrations (
  number integer not null,
  name text not null,
  hash text not null,
  applied_at timestamp with time zone not null default now()
)
table runtime.access_tokens (
  id text not null,
  hash text not null,
  kind text not null,
  name text not null,
  scopes text[] not null,
  sessions text[] not null default '{*}'::text[],
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  last_used_at timestamp with time zone,
  agent boolean not null default false,
  role text
)
table runtime.budgets (
  scope text not null,
  period text not null,
  most bigint not null,
  spent bigint not null default 0,
  reserved bigint not null default 0,
  until timestamp with time zone
) with (fillfactor=50)
table runtime.calls (
  session text not null,
  firing bigint not null,
  call integer not null,
  kind text not null,
  state text not null,
  name text not null,
  digest text not null default ''::text,
  input jsonb,
  output jsonb,
  refused boolean not null default false,
  lease uuid,
  scopes text[] not null default '{}'::text[],
  periods text[] not null default '{}'::text[],
  reserved bigint not null default 0,
  micros bigint not null default 0,
  at timestamp with time zone not null default now(),
  earlier uuid[] not null default '{}'::uuid[]
) with (fillfactor=80)
table runtime.capabilities (
  id text not null,
  hash text not null,
  session text not null,
  firing bigint not null,
  attempt integer not null,
  lease uuid not null,
  role text not null,
  created_at timestamp with time zone not null default now()
)
table runtime.decisions (
  session text not null,
  key text not null,
  status integer not null,
  body text not null,
  at timestamp with time zone not null default now()
)
table runtime.effects (
  session text not null,
  firing bigint not null,
  attempt integer not null,
  net text not null,
  transition text not null,
  kind text not null,
  state text not null,
  labels jsonb not null default '{}'::jsonb,
  pool text not null,
  workspace text not null default ''::text,
  due_at timestamp with time zone not null,
  request jsonb not null,
  hold jsonb not null,
  lease uuid,
  executor text,
  leased_at timestamp with time zone,
  lease_until timestamp with time zone,
  cancel text,
  outcome_hash text,
  created_at timestamp with time zone not null default now(),
  settled_at timestamp with time zone,
  waiting text not null default ''::text,
  waiting_scope text not null default ''::text,
  proposal integer not null default 0,
  expires_at timestamp with time zone,
  exceeded text[] not null default '{}'::text[],
  lost integer not null default 0
) with (fillfactor=50, autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_threshold=1000)
table runtime.engines (
  engine uuid not null,
  host text not null,
  pid integer not null,
  started_at timestamp with time zone not null default now(),
  until timestamp with time zone not null
) with (fillfactor=50)
table runtime.errands (
  id uuid not null,
  session text not null,
  kind text not null,
  request jsonb not null,
  state text not null,
  wanted text not null default ''::text,
  lease uuid,
  executor text,
  lease_until timestamp with time zone,
  outcome text,
  at timestamp with time zone not null default now(),
  until timestamp with time zone not null
) with (fillfactor=50)
table runtime.executors (
  executor text not null,
  labels jsonb not null default '{}'::jsonb,
  capacity integer not null,
  version text not null,
  protocol integer not null,
  host text not null default ''::text,
  kinds text[] not null default '{}'::text[],
  state text not null,
  token text,
  registered_at timestamp with time zone not null default now(),
  seen_at timestamp with time zone not null default now()
) with (fillfactor=50)
table runtime.inbox (
  session text not null,
  id bigint not null generated always as identity,
  kind text not null,
  key text,
  body text not null,
  received_at timestamp with time zone not null default now()
) with (fillfactor=50, autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_threshold=1000)
table runtime.inbox_dead (
  session text not null,
  id bigint not null,
  kind text not null,
  key text,
  body text not null,
  error text not null,
  at timestamp with time zone not null default now()
)
table runtime.lifecycle (
  session text not null,
  net text not null default ''::text,
  transition text not null default ''::text,
  state text not null,
  by text not null,
  reason text not null default ''::text,
  at timestamp with time zone not null default now()
) with (fillfactor=50)
partitioned table runtime.segments (
  session text not null,
  first bigint not null,
  last bigint not null,
  at timestamp with time zone not null,
  previous text not null,
  hash text not null,
  kind text not null default 'batch'::text,
  transitions text[] not null default '{}'::text[],
  correlations text[] not null default '{}'::text[],
  events text not null
) RANGE (at)
table runtime.segments_default partition DEFAULT (
  session text not null,
  first bigint not null,
  last bigint not null,
  at timestamp with time zone not null,
  previous text not null,
  hash text not null,
  kind text not null default 'batch'::text,
  transitions text[] not null default '{}'::text[],
  correlations text[] not null default '{}'::text[],
  events text not null
)
table runtime.segments_dropped (
  session text not null,
  partition text not null,
  last bigint not null,
  hash text not null,
  dropped_at timestamp with time zone not null default now()
)
table runtime.sessions (
  session text not null,
  owner uuid,
  fence bigint not null default 0,
  generation bigint not null default 0,
  adopted bigint not null default 0,
  seq bigint not null default 0,
  head text not null default ''::text,
  at timestamp with time zone not null default '1970-01-01 00:00:00+00'::timestamp with time zone,
  wake_at timestamp with time zone,
  snapshot bigint not null default 0,
  condition jsonb
) with (fillfactor=50)
table runtime.spend (
  session text not null,
  day date not null,
  net text not null,
  transition text not null,
  model text not null,
  calls bigint not null default 0,
  input bigint not null default 0,
  cached bigint not null default 0,
  output bigint not null default 0,
  micros bigint not null default 0
) with (fillfactor=50)
table runtime.tokens (
  session text not null,
  id bigint not null,
  place text not null,
  data jsonb not null,
  created_at timestamp with time zone not null,
  produced_by text not null,
  parents bigint[] not null default '{}'::bigint[],
  depth integer not null default 0,
  correlation text not null default ''::text,
  orphaned boolean not null default false,
  superseded boolean not null default false
) with (autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_threshold=1000)
table runtime.workspaces (
  session text not null,
  workspace text not null,
  executor text not null,
  begun boolean not null default false,
  used_at timestamp with time zone not null default now()
) with (fillfactor=50)

-- constraints
design.generations PRIMARY KEY (session, generation)
design.nets PRIMARY KEY (session, net, identity)
design.repository CHECK (one)
design.repository PRIMARY KEY (one)
design.revisions CHECK ((state = ANY (ARRAY['attempted'::text, 'applied'::text, 'refused'::text])))
design.revisions PRIMARY KEY (commit)
design.settings CHECK (one)
design.settings PRIMARY KEY (one)
public.agenticos_migrations PRIMARY KEY (number)
runtime.access_tokens CHECK ((kind = ANY (ARRAY['api'::text, 'bootstrap'::text, 'executor'::text])))
runtime.access_tokens PRIMARY KEY (id)
runtime.access_tokens UNIQUE (hash)
runtime.budgets PRIMARY KEY (scope, period)
runtime.calls CHECK ((kind = ANY (ARRAY['model'::text, 'tool'::text])))
runtime.calls CHECK ((state = ANY (ARRAY['granted'::text, 'begun'::text, 'recorded'::text])))
runtime.calls PRIMARY KEY (session, firing, call)
runtime.capabilities PRIMARY KEY (id)
runtime.decisions PRIMARY KEY (session, key)
runtime.effects CHECK ((state = ANY (ARRAY['pending'::text, 'held'::text, 'leased'::text, 'settled'::text, 'blocked'::text, 'withdrawn'::text, 'awaiting'::text])))
runtime.effects PRIMARY KEY (session, firing)
runtime.engines PRIMARY KEY (engine)
runtime.errands CHECK ((kind = ANY (ARRAY['http'::text, 'container'::text, 'model'::text])))
runtime.errands CHECK ((state = ANY (ARRAY['pending'::text, 'leased'::text, 'done'::text])))
runtime.errands PRIMARY KEY (id)
runtime.executors CHECK ((state = ANY (ARRAY['ready'::text, 'draining'::text, 'gone'::text])))
runtime.executors PRIMARY KEY (executor)
runtime.inbox PRIMARY KEY (session, id)
runtime.inbox_dead PRIMARY KEY (session, id)
runtime.lifecycle CHECK ((state = ANY (ARRAY['deployed'::text, 'running'::text, 'stopped'::text])))
runtime.lifecycle PRIMARY KEY (session, net, transition)
runtime.segments CHECK ((kind = ANY (ARRAY['batch'::text, 'snapshot'::text])))
runtime.segments PRIMARY KEY (session, first, at)
runtime.segments_default CHECK ((kind = ANY (ARRAY['batch'::text, 'snapshot'::text])))
runtime.segments_default PRIMARY KEY (session, first, at)
runtime.segments_dropped PRIMARY KEY (session, partition)
runtime.sessions PRIMARY KEY (session)
runtime.spend PRIMARY KEY (session, day, net, transition, model)
runtime.tokens PRIMARY KEY (session, id)
runtime.workspaces PRIMARY KEY (session, workspace)

-- indexes
CREATE INDEX budgets_until ON runtime.budgets USING btree (until)
CREATE INDEX calls_granted ON runtime.calls USING btree (lease) WHERE (state = 'granted'::text)
CREATE INDEX capabilities_by_firing ON runtime.capabilities USING btree (session, firing)
CREATE INDEX decisions_by_time ON runtime.decisions USING brin (at)
CREATE INDEX effects_awaiting ON runtime.effects USING btree (session, firing) WHERE (state = 'awaiting'::text)
CREATE INDEX effects_leased ON runtime.effects USING btree (lease_until) WHERE (state = 'leased'::text)
CREATE INDEX effects_pending ON runtime.effects USING btree (pool, due_at) WHERE (state = 'pending'::text)
CREATE INDEX effects_settled ON runtime.effects USING btree (settled_at) WHERE (state = 'settled'::text)
CREATE INDEX effects_turn ON runtime.effects USING btree (pool, session, due_at) WHERE (state = 'pending'::text)
CREATE INDEX effects_waiting ON runtime.effects USING btree (waiting_scope) WHERE (waiting_scope <> ''::text)
CREATE INDEX effects_workspace_pending ON runtime.effects USING btree (session, workspace, firing) WHERE ((state = 'pending'::text) AND (workspace <> ''::text))
CREATE INDEX errands_pending ON runtime.errands USING btree (at) WHERE (state = 'pending'::text)
CREATE INDEX segments_by_time ON ONLY runtime.segments USING brin (at)
CREATE INDEX segments_default_at_idx ON runtime.segments_default USING brin (at)
CREATE INDEX sessions_by_owner ON runtime.sessions USING btree (owner)
CREATE INDEX sessions_by_wake ON runtime.sessions USING btree (wake_at) WHERE (wake_at IS NOT NULL)
CREATE INDEX tokens_by_place ON runtime.tokens USING btree (session, place, id)
CREATE INDEX workspaces_by_executor ON runtime.workspaces USING btree (executor)
CREATE UNIQUE INDEX access_tokens_hash_key ON runtime.access_tokens USING btree (hash)
CREATE UNIQUE INDEX access_tokens_pkey ON runtime.access_tokens USING btree (id)
CREATE UNIQUE INDEX agenticos_migrations_pkey ON public.agenticos_migrations USING btree (number)
CREATE UNIQUE INDEX budgets_pkey ON runtime.budgets USING btree (scope, period)
CREATE UNIQUE INDEX calls_pkey ON runtime.calls USING btree (session, firing, call)
CREATE UNIQUE INDEX capabilities_pkey ON runtime.capabilities USING btree (id)
CREATE UNIQUE INDEX decisions_pkey ON runtime.decisions USING btree (session, key)
CREATE UNIQUE INDEX effects_pkey ON runtime.effects USING btree (session, firing)
CREATE UNIQUE INDEX effects_workspace ON runtime.effects USING btree (session, workspace) WHERE ((state = 'leased'::text) AND (workspace <> ''::text))
CREATE UNIQUE INDEX engines_pkey ON runtime.engines USING btree (engine)
CREATE UNIQUE INDEX errands_pkey ON runtime.errands USING btree (id)
CREATE UNIQUE INDEX executors_pkey ON runtime.executors USING btree (executor)
CREATE UNIQUE INDEX generations_pkey ON design.generations USING btree (session, generation)
CREATE UNIQUE INDEX inbox_by_key ON runtime.inbox USING btree (session, key) WHERE (key IS NOT NULL)
CREATE UNIQUE INDEX inbox_dead_pkey ON runtime.inbox_dead USING btree (session, id)
CREATE UNIQUE INDEX inbox_pkey ON runtime.inbox USING btree (session, id)
CREATE UNIQUE INDEX lifecycle_pkey ON runtime.lifecycle USING btree (session, net, transition)
CREATE UNIQUE INDEX nets_pkey ON design.nets USING btree (session, net, identity)
CREATE UNIQUE INDEX repository_pkey ON design.repository USING btree (one)
CREATE UNIQUE INDEX revisions_by_sequence ON design.revisions USING btree (sequence)
CREATE UNIQUE INDEX revisions_pkey ON design.revisions USING btree (commit)
CREATE UNIQUE INDEX segments_default_pkey ON runtime.segments_default USING btree (session, first, at)
CREATE UNIQUE INDEX segments_dropped_pkey ON runtime.segments_dropped USING btree (session, partition)
CREATE UNIQUE INDEX segments_pkey ON ONLY runtime.segments USING btree (session, first, at)
CREATE UNIQUE INDEX sessions_pkey ON runtime.sessions USING btree (session)
CREATE UNIQUE INDEX settings_pkey ON design.settings USING btree (one)
CREATE UNIQUE INDEX spend_pkey ON runtime.spend USING btree (session, day, net, transition, model)
CREATE UNIQUE INDEX tokens_pkey ON runtime.tokens USING btree (session, id)
CREATE UNIQUE INDEX workspaces_pkey ON runtime.workspaces USING btree (session, workspace)

-- views
view runtime.events as
 SELECT s.session,
    ((e.event ->> 'n'::text))::bigint AS n,
    s.at,
    (e.event ->> 'type'::text) AS type,
    (e.event ->> 'transition'::text) AS transition,
    e.event
   FROM runtime.segments s,
    LATERAL json_array_elements((s.events)::json) e(event);

-- triggers
CREATE TRIGGER segments_append_only BEFORE DELETE OR UPDATE ON runtime.segments FOR EACH ROW EXECUTE FUNCTION runtime.refuse_change()
CREATE TRIGGER segments_no_truncate BEFORE TRUNCATE ON runtime.segments FOR EACH STATEMENT EXECUTE FUNCTION runtime.refuse_change()
CREATE TRIGGER segments_append_only BEFORE DELETE OR UPDATE ON runtime.segments_default FOR EACH ROW EXECUTE FUNCTION runtime.refuse_change()
CREATE TRIGGER segments_no_truncate BEFORE TRUNCATE ON runtime.segments_default FOR EACH STATEMENT EXECUTE FUNCTION runtime.refuse_change()

-- functions
CREATE OR REPLACE FUNCTION runtime.book(p_session text, p_at timestamp with time zone, p_booked json)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
end $function$
CREATE OR REPLACE FUNCTION runtime.commit_batch(p_session text, p_owner uuid, p_fence bigint, p_head text, p_new_head text, p_first bigint, p_last bigint, p_at timestamp with time zone, p_wake timestamp with time zone, p_adopted bigint, p_kind text, p_transitions text[], p_correlations text[], p_events text, p_gone bigint[], p_ids bigint[], p_places text[], p_by text[], p_parents text[], p_depths integer[], p_correlation text[], p_data json, p_inbox bigint[], p_rest json)
 RETURNS double precision
 LANGUAGE plpgsql
AS $function$
declare
  n bigint;
begin
  update runtime.sessions
     set seq = p_last, head = p_new_head, at = p_at, wake_at = p_wake, adopted = p_adopted,
         snapshot = case when p_kind = 'snapshot' then p_first else snapshot end
   where session = p_session and owner = p_owner and fence = p_fence and head = p_head and seq = p_first - 1;
  if not found then
    raise exception 'session % is not ours at this head any more', p_session using errcode = 'AN001';
  end if;

  if p_events is not null then
    insert into runtime.segments (session, first, last, at, previous, hash, kind, transitions, correlations, events)
    values (p_session, p_first, p_last, p_at, p_head, p_new_head, p_kind, p_transitions, p_correlations, p_events);
  end if;

  if cardinality(p_gone) > 0 then
    delete from runtime.tokens where session = p_session and id = any (p_gone);
    get diagnostics n = row_count;
    if n <> cardinality(p_gone) then
      raise exception 'session %: % of % consumed tokens are there', p_session, n, cardinality(p_gone) using errcode = 'AN002';
    end if;
  end if;

  if cardinality(p_ids) > 0 then
    insert into runtime.tokens (session, id, place, data, created_at, produced_by, parents, depth, correlation)
    select p_session, t.id, t.place, t.data::jsonb, p_at, t.by, t.parents::bigint[], t.depth, t.correlation
      from rows from (unnest(p_ids), unnest(p_places), unnest(p_by), unnest(p_parents), unnest(p_depths), unnest(p_correlation),
                      json_array_elements(p_data)) as t (id, place, by, parents, depth, correlation, data);
  end if;

  if cardinality(p_inbox) > 0 then
    delete from runtime.inbox where session = p_session and id = any (p_inbox);
    get diagnostics n = row_count;
    if n <> cardinality(p_inbox) then
      raise exception 'session %: % of % inbox rows are there', p_session, n, cardinality(p_inbox) using errcode = 'AN002';
    end if;
  end if;

  if p_rest is not null then
    perform runtime.commit_rest(p_session, p_at, p_rest);
  end if;
  return extract(epoch from clock_timestamp()) * 1000;
end $function$
CREATE OR REPLACE FUNCTION runtime.commit_rest(p_session text, p_at timestamp with time zone, p_rest json)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  n bigint;
  expected bigint;
begin
  if p_rest -> 'decisions' is not null then
    insert into runtime.decisions (session, key, status, body)
    select p_session, d.key, d.status, d.body
      from json_to_recordset(p_rest -> 'decisions') as d (key text, status integer, body text)
    on conflict (session, key) do nothing;
  end if;

  if p_rest -> 'started' is not null then
    insert into runtime.effects (session, firing, attempt, net, transition, kind, state, labels, pool, workspace, due_at, request, hold, expires_at)
    select p_session, e.firing, 1, e.net, e.transition, e.kind, case when e.awaiting then 'awaiting' else 'pending' end,
           e.labels, e.pool, e.workspace, p_at, e.request, e.hold, to_timestamp(e.expires / 1000.0)
      from json_to_recordset(p_rest -> 'started') as e (firing bigint, net text, transition text, kind text, labels jsonb, pool text, workspace text,
                                                         request jsonb, hold jsonb, awaiting boolean, expires double precision);
  end if;

  -- {firing, attempt (the one that was settled), due (ms), held}
  if p_rest -> 'rearmed' is not null then
    update runtime.effects e
       set state = case when r.held then 'held' else 'pending' end, attempt = e.attempt + 1, due_at = to_timestamp(r.due / 1000.0),
           lease = null, executor = null, leased_at = null, lease_until = null, cancel = null, outcome_hash = null, settled_at = null
      from json_to_recordset(p_rest -> 'rearmed') as r (firing bigint, attempt integer, due double precision, held boolean)
     where e.session = p_session and e.firing = r.firing and e.attempt = r.attempt and e.state = 'settled';
    get diagnostics n = row_count;
    expected := json_array_length(p_rest -> 'rearmed');
    if n <> expected then
      raise exception 'session %: % of % effects could be armed again', p_session, n, expected using errcode = 'AN002';
    end if;
  end if;

  -- {firing, request, hold, held}: a person merged its proposal
  if p_rest -> 'approved' is not null then
    update runtime.effects e
       set state = case when r.held then 'held' else 'pending' end, due_at = p_at, request = r.request, hold = r.hold, expires_at = null
      from json_to_recordset(p_rest -> 'approved') as r (firing bigint, request jsonb, hold jsonb, held boolean)
     where e.session = p_session and e.firing = r.firing and e.state = 'awaiting';
    get diagnostics n = row_count;
    expected := json_array_length(p_rest -> 'approved');
    if n <> expected then
      raise exception 'session %: % of % effects were awaiting', p_session, n, expected using errcode = 'AN002';
    end if;
  end if;

  if p_rest -> 'blocked' is not null then
    update runtime.effects e set state = 'blocked', hold = b.hold
      from json_to_recordset(p_rest -> 'blocked') as b (firing bigint, hold jsonb)
     where e.session = p_session and e.firing = b.firing and e.state in ('settled', 'awaiting');
  end if;

  -- decided for good: kept a day for repeated settles, of no use to the engine any more
  if p_rest -> 'decided' is not null then
    update runtime.effects e set state = 'settled', hold = '{}', settled_at = coalesce(e.settled_at, clock_timestamp())
      from json_array_elements_text(p_rest -> 'decided') as d (firing)
     where e.session = p_session and e.firing = d.firing::bigint and e.state in ('settled', 'blocked', 'awaiting');
    get diagnostics n = row_count;
    expected := json_array_length(p_rest -> 'decided');
    if n <> expected then
      raise exception 'session %: % of % effects could be closed', p_session, n, expected using errcode = 'AN002';
    end if;
  end if;

  if p_rest -> 'withdrawn' is not null then
    update runtime.effects e set state = 'withdrawn', hold = '{}', settled_at = clock_timestamp()
      from json_array_elements_text(p_rest -> 'withdrawn') as w (firing)
     where e.session = p_session and e.firing = w.firing::bigint and e.state in ('pending', 'held', 'awaiting');
    get diagnostics n = row_count;
    expected := json_array_length(p_rest -> 'withdrawn');
    if n <> expected then
      raise exception 'session %: % of % effects could be withdrawn', p_session, n, expected using errcode = 'AN002';
    end if;
  end if;

  -- [{net, transition, micros}]: money that commands and calls spent outside (`cost:`)
  if p_rest -> 'booked' is not null then
    perform runtime.book(p_session, p_at, p_rest -> 'booked');
  end if;

  if p_rest -> 'superseded' is not null then
    update runtime.tokens t set superseded = true
      from json_array_elements_text(p_rest -> 'superseded') as s (id)
     where t.session = p_session and t.id = s.id::bigint;
  end if;

  -- start --shift: tokens of these places born before (ms) are younger by so many ms
  if p_rest -> 'shifted' is not null then
    update runtime.tokens t set created_at = t.created_at + make_interval(secs => s.ms / 1000.0)
      from json_to_recordset(p_rest -> 'shifted') as s (places json, ms double precision, before double precision)
     where t.session = p_session and t.place in (select json_array_elements_text(s.places)) and t.created_at <= to_timestamp(s.before / 1000.0);
  end if;

  if p_rest -> 'sends' is not null then
    insert into runtime.inbox (session, kind, key, body)
    select s.session, s.kind, s.key, s.body
      from json_to_recordset(p_rest -> 'sends') as s (session text, kind text, key text, body text)
    on conflict (session, key) where key is not null do nothing;
  end if;

  if p_rest -> 'lifecycle' is not null then
    insert into runtime.lifecycle (session, net, transition, state, by, reason)
    select p_session, l.net, l.transition, l.state, l.by, l.reason
      from json_to_recordset(p_rest -> 'lifecycle') as l (net text, transition text, state text, by text, reason text)
    on conflict (session, net, transition) do update
      set state = excluded.state, by = excluded.by, reason = excluded.reason, at = now();
  end if;

  if p_rest -> 'condition' is not null then
    update runtime.sessions set condition = nullif((p_rest -> 'condition')::jsonb, 'null'::jsonb) where session = p_session;
  end if;

  if p_rest -> 'poisoned' is not null then
    insert into runtime.inbox_dead (session, id, kind, key, body, error)
    select p_session, i.id, i.kind, i.key, i.body, p.error
      from json_to_recordset(p_rest -> 'poisoned') as p (id bigint, error text)
      join runtime.inbox i on i.session = p_session and i.id = p.id;
    delete from runtime.inbox i using json_to_recordset(p_rest -> 'poisoned') as p (id bigint)
     where i.session = p_session and i.id = p.id;
  end if;
end $function$
CREATE OR REPLACE FUNCTION runtime.cost_micros(p_price jsonb, p_input bigint, p_cached bigint, p_output bigint)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select ceil(((p_input - least(p_cached, p_input))::numeric * (p_price ->> 'input')::numeric
             + least(p_cached, p_input)::numeric * (p_price ->> 'cached')::numeric
             + p_output::numeric * (p_price ->> 'output')::numeric) / 1000000)::bigint
$function$
CREATE OR REPLACE FUNCTION runtime.covers(p_globs jsonb, p_session text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select p_globs is null or exists (
    select from jsonb_array_elements_text(p_globs) as g (glob)
     where p_session like replace(replace(replace(replace(g.glob, '\', '\\'), '%', '\%'), '_', '\_'), '*', '%'))
$function$
CREATE OR REPLACE FUNCTION runtime.free_reservations()
 RETURNS bigint
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET jit TO 'off'
AS $function$
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
end $function$
CREATE OR REPLACE FUNCTION runtime.grant_calls(p_executor text, p_calls json, p_scopes text[], p_periods text[], p_mosts bigint[], p_untils timestamp with time zone[], p_words text[])
 RETURNS TABLE(nth integer, verdict text, reserved bigint, known jsonb, scope integer, soon boolean, message text, told boolean)
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET jit TO 'off'
AS $function$
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
end $function$
CREATE OR REPLACE FUNCTION runtime.lock_calls(p_sessions text[], p_firings bigint[], p_calls integer[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform from (select distinct g.session, g.firing from unnest(p_sessions, p_firings) as g (session, firing)) g
    join runtime.effects e on g.session = e.session and g.firing = e.firing
   order by e.session, e.firing for update of e;
  perform from unnest(p_sessions, p_firings, p_calls) as g (session, firing, call)
    join runtime.calls t on g.session = t.session and g.firing = t.firing and g.call = t.call
   order by t.session, t.firing, t.call for update of t;
end $function$
CREATE OR REPLACE FUNCTION runtime.move_money(p_scopes text[], p_periods text[], p_spent bigint[], p_freed bigint[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  if p_scopes is null then return; end if;
  perform from runtime.budgets b
    join (select distinct scope, period from unnest(p_scopes, p_periods) as g (scope, period)) g on g.scope = b.scope and g.period = b.period
   order by b.scope, b.period for update of b;
  update runtime.budgets b set spent = b.spent + m.spent, reserved = greatest(0, b.reserved - m.freed)
    from (select g.scope, g.period, sum(g.spent) as spent, sum(g.freed) as freed
            from unnest(p_scopes, p_periods, p_spent, p_freed) as g (scope, period, spent, freed) group by g.scope, g.period) m
   where b.scope = m.scope and b.period = m.period;
end $function$
CREATE OR REPLACE FUNCTION runtime.record_calls(p_executor text, p_calls json, p_sessions text[], p_firings bigint[], p_numbers integer[])
 RETURNS TABLE(nth integer, session text, verdict text, micros bigint)
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET jit TO 'off'
AS $function$
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
end $function$
CREATE OR REPLACE FUNCTION runtime.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'the log is append-only: % on % is refused', tg_op, tg_table_name
    using errcode = 'restrict_violation', hint = 'drop a whole partition that is past its retention instead';
end $function$
CREATE OR REPLACE FUNCTION runtime.spent_before(p_scope text, p_period text)
 RETURNS bigint
 LANGUAGE sql
 STABLE
AS $function$
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
$function$
CREATE OR REPLACE FUNCTION runtime.usd(p_micros bigint)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select to_char(p_micros::numeric / 1000000, 'FM999999999990.009999')
$function$
