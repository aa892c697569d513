-- breaking: effects have two more states and capabilities, which engines before this do not know
-- What models.yaml and policy.yaml of the applied commit say; one row, written by reconcile in the transaction of apply.
create table design.settings (
  one boolean primary key default true check (one),
  commit text not null default '',
  -- petri/models.ts Models
  models jsonb not null default '{"tiers": {}, "models": {}}',
  -- petri/policy.ts Policy
  policy jsonb not null default '{}',
  updated_at timestamptz not null default now()
);
insert into design.settings default values;

-- awaiting: a binding that a person has to approve by merging its proposal; no executor gets it.
alter table runtime.effects drop constraint effects_state_check;
alter table runtime.effects add constraint effects_state_check
  check (state in ('pending', 'held', 'leased', 'settled', 'blocked', 'withdrawn', 'awaiting'));
-- why a pending effect waits for money or a rate, in words; '' when it waits for nothing but an executor
alter table runtime.effects add column waiting text not null default '';
alter table runtime.effects add column waiting_scope text not null default '';
-- of approvals: the proposal, 0 until it is open, and when it expires
alter table runtime.effects add column proposal integer not null default 0;
alter table runtime.effects add column expires_at timestamptz;
create index effects_awaiting on runtime.effects (session, firing) where state = 'awaiting';
create index effects_waiting on runtime.effects (waiting_scope) where waiting_scope <> '';

-- Capability tokens of agents' firings, by SHA-256 alone. One is good while its effect is leased under its lease.
create table runtime.capabilities (
  id text primary key,
  hash text not null,
  session text not null,
  firing bigint not null,
  attempt integer not null,
  lease uuid not null,
  role text not null,
  created_at timestamptz not null default now()
);
create index capabilities_by_firing on runtime.capabilities (session, firing);

-- Model and tool calls of firings, numbered by their executor: an agent's transcript, and what was paid for it.
create table runtime.calls (
  session text not null,
  firing bigint not null,
  call integer not null,
  kind text not null check (kind in ('model', 'tool')),
  -- model: granted (money set aside) -> recorded. tool: begun -> recorded
  state text not null check (state in ('granted', 'begun', 'recorded')),
  name text not null,
  -- SHA-256 of a tool's input: the same number with another input is refused
  digest text not null default '',
  input jsonb,
  output jsonb,
  refused boolean not null default false,
  lease uuid,
  scopes text[] not null default '{}',
  periods text[] not null default '{}',
  reserved bigint not null default 0,
  micros bigint not null default 0,
  at timestamptz not null default now(),
  primary key (session, firing, call)
) with (fillfactor = 80);
create index calls_granted on runtime.calls (lease) where state = 'granted';

-- Money in whole micro-dollars. scope: policy:NAME, session:S, net:S/N, transition:S/N/T, firing:S/F. period: 2026-11-28, 2026-11-28T22, 2026-11, or firing.
create table runtime.budgets (
  scope text not null,
  period text not null,
  most bigint not null,
  spent bigint not null default 0,
  reserved bigint not null default 0,
  primary key (scope, period)
) with (fillfactor = 50);

-- What was spent, added up by day: what `cost` shows without reading the log.
create table runtime.spend (
  session text not null,
  day date not null,
  net text not null,
  transition text not null,
  model text not null,
  calls bigint not null default 0,
  input bigint not null default 0,
  cached bigint not null default 0,
  output bigint not null default 0,
  micros bigint not null default 0,
  primary key (session, day, net, transition, model)
) with (fillfactor = 50);

-- Work for an executor that belongs to no firing, asked for by a tool or a person. A row lives until its outcome is read.
create table runtime.errands (
  id uuid primary key,
  session text not null,
  kind text not null check (kind in ('http', 'container', 'model')),
  request jsonb not null,
  state text not null check (state in ('pending', 'leased', 'done')),
  -- the only executor that may do it; '' is any
  wanted text not null default '',
  lease uuid,
  executor text,
  lease_until timestamptz,
  outcome text,
  at timestamptz not null default now(),
  -- whoever asked waits until then
  until timestamptz not null
) with (fillfactor = 50);
create index errands_pending on runtime.errands (at) where state = 'pending';

-- An access token may be held by an agent, and may have a role for tools; without one its scopes tell it.
alter table runtime.access_tokens add column agent boolean not null default false;
alter table runtime.access_tokens add column role text;

-- Adds money spent outside to what `cost` shows. The scopes' budgets are dispatch's: see grant and record.
create function runtime.book(p_session text, p_at timestamptz, p_booked json) returns void language sql as $$
  insert into runtime.spend (session, day, net, transition, model, calls, micros)
  select p_session, (p_at at time zone 'utc')::date, b.net, b.transition, '', count(*), sum(b.micros)
    from json_to_recordset(p_booked) as b (net text, transition text, micros bigint) group by b.net, b.transition
  on conflict (session, day, net, transition, model) do update
    set calls = runtime.spend.calls + excluded.calls, micros = runtime.spend.micros + excluded.micros;
$$;

-- The rarer parts of a batch, with approvals and booked money: effects, decisions, sends, superseded tokens, lifecycle, poisoned rows.
create or replace function runtime.commit_rest(p_session text, p_at timestamptz, p_rest json) returns void language plpgsql as $$
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
end $$;
