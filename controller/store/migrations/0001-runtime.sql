-- compatible: the first
-- design: what git says, written by reconcile only. runtime: what happens, written by engine, dispatch and API.
create schema design;
create schema runtime;

-- One row a commit that was attempted. Attempted and applied are two facts.
create table design.revisions (
  sequence bigint generated always as identity,
  commit text primary key,
  parents text[] not null default '{}',
  author text not null default '',
  subject text not null default '',
  committed_at timestamptz,
  state text not null check (state in ('attempted', 'applied', 'refused')),
  reason text not null default '',
  findings jsonb not null default '[]',
  attempted_at timestamptz not null default now(),
  applied_at timestamptz
);
create unique index revisions_by_sequence on design.revisions (sequence);

-- Checked nets, immutable: identity = hash of all that its meaning depends on (RUNTIME: Apply).
create table design.nets (
  session text not null,
  net text not null,
  identity text not null,
  path text not null,
  blob text not null,
  definition jsonb not null,
  findings jsonb not null default '[]',
  created_at timestamptz not null default now(),
  primary key (session, net, identity)
);

-- What a session is to run, by generation; `runtime.sessions.generation` points at the newest.
create table design.generations (
  session text not null,
  generation bigint not null,
  commit text not null,
  config jsonb not null,
  nets jsonb not null,
  created_at timestamptz not null default now(),
  primary key (session, generation)
);

-- One row: how the repository and its reconciler are.
create table design.repository (
  one boolean primary key default true check (one),
  attempted text not null default '',
  applied text not null default '',
  suspended boolean not null default false,
  requested_at timestamptz,
  conditions jsonb not null default '[]',
  updated_at timestamptz not null default now()
);
insert into design.repository default values;

create table runtime.engines (
  engine uuid primary key,
  host text not null,
  pid integer not null,
  started_at timestamptz not null default now(),
  until timestamptz not null
) with (fillfactor = 50);

create table runtime.sessions (
  session text primary key,
  owner uuid,
  fence bigint not null default 0,
  -- desired (reconcile) and adopted (the owner's first batch under it)
  generation bigint not null default 0,
  adopted bigint not null default 0,
  -- number of the last event, hash of the last segment, time of the last batch
  seq bigint not null default 0,
  head text not null default '',
  at timestamptz not null default 'epoch',
  wake_at timestamptz,
  -- events since the last snapshot segment began at this number
  snapshot bigint not null default 0,
  condition jsonb
) with (fillfactor = 50);
create index sessions_by_owner on runtime.sessions (owner);
create index sessions_by_wake on runtime.sessions (wake_at) where wake_at is not null;

-- What a person decided. Session '*' is everything; net '' and transition '' are the whole of what contains them.
create table runtime.lifecycle (
  session text not null,
  net text not null default '',
  transition text not null default '',
  state text not null check (state in ('deployed', 'running', 'stopped')),
  by text not null,
  reason text not null default '',
  at timestamptz not null default now(),
  primary key (session, net, transition)
) with (fillfactor = 50);

-- Free and reserved tokens of the marking. Which are reserved is told by the effects that hold them.
-- Rows come and go and are hardly ever changed, so pages are filled: half-empty ones cost an insert a sixth more.
-- id = event number * 16384 + ordinal (petri/token.ts). place = 'net/place' of the owner, or 'net/_failed'.
create table runtime.tokens (
  session text not null,
  id bigint not null,
  place text not null,
  data jsonb not null,
  created_at timestamptz not null,
  produced_by text not null,
  parents bigint[] not null default '{}',
  depth integer not null default 0,
  correlation text not null default '',
  orphaned boolean not null default false,
  superseded boolean not null default false,
  primary key (session, id)
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
create index tokens_by_place on runtime.tokens (session, place, id);

-- The log: one row a batch. `events` is a JSON array text, one element an event, one event a firing.
create table runtime.segments (
  session text not null,
  first bigint not null,
  last bigint not null,
  at timestamptz not null,
  previous text not null,
  hash text not null,
  kind text not null default 'batch' check (kind in ('batch', 'snapshot')),
  transitions text[] not null default '{}',
  correlations text[] not null default '{}',
  events text not null,
  primary key (session, first, at)
) partition by range (at);
create index segments_by_time on runtime.segments using brin (at);
create table runtime.segments_default partition of runtime.segments default;

create function runtime.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the log is append-only: % on % is refused', tg_op, tg_table_name
    using errcode = 'restrict_violation', hint = 'drop a whole partition that is past its retention instead';
end $$;
create trigger segments_append_only before update or delete on runtime.segments
  for each row execute function runtime.refuse_change();
create trigger segments_no_truncate before truncate on runtime.segments
  for each statement execute function runtime.refuse_change();

-- One row an event.
create view runtime.events as
  select s.session, (e.event ->> 'n')::bigint as n, s.at, e.event ->> 'type' as type,
         e.event ->> 'transition' as transition, e.event
  from runtime.segments s, lateral json_array_elements(s.events::json) as e(event);

-- Everything from outside waits here for the session's owner. kind: put, outcome, revision, lifecycle, move, remove, dead, send, fire, note
create table runtime.inbox (
  session text not null,
  id bigint generated always as identity,
  kind text not null,
  key text,
  body text not null,
  received_at timestamptz not null default now(),
  primary key (session, id)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
create unique index inbox_by_key on runtime.inbox (session, key) where key is not null;

-- What the owner decided of a row with a key; kept 24 h, so the same key gets the first answer.
create table runtime.decisions (
  session text not null,
  key text not null,
  status integer not null,
  body text not null,
  at timestamptz not null default now(),
  primary key (session, key)
);
create index decisions_by_time on runtime.decisions using brin (at);

create table runtime.inbox_dead (
  session text not null,
  id bigint not null,
  kind text not null,
  key text,
  body text not null,
  error text not null,
  at timestamptz not null default now(),
  primary key (session, id)
);

-- One row a firing with an effect. engine: inserts pending, re-arms a retry, withdraws, deletes what was settled a day ago.
-- dispatch: pending -> leased -> settled; a lost or released lease -> an outcome in the inbox.
-- state: pending (leasable when due) | held (stopped) | leased | settled (outcome in the inbox or decided)
--        | blocked (outcome decided but no free slot) | withdrawn
create table runtime.effects (
  session text not null,
  firing bigint not null,
  attempt integer not null,
  net text not null,
  transition text not null,
  kind text not null,
  state text not null check (state in ('pending', 'held', 'leased', 'settled', 'blocked', 'withdrawn')),
  labels jsonb not null default '{}',
  pool text not null,
  -- serialises commands on one workspace; '' for none
  workspace text not null default '',
  due_at timestamptz not null,
  -- what the executor gets (protocol/effect.ts) and what the engine needs to settle it (engine/own.ts)
  request jsonb not null,
  hold jsonb not null,
  lease uuid,
  executor text,
  leased_at timestamptz,
  lease_until timestamptz,
  cancel text,
  outcome_hash text,
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  primary key (session, firing)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
create index effects_pending on runtime.effects (pool, due_at) where state = 'pending';
create index effects_leased on runtime.effects (lease_until) where state = 'leased';
create index effects_settled on runtime.effects (settled_at) where state = 'settled';

create table runtime.executors (
  executor text primary key,
  labels jsonb not null default '{}',
  capacity integer not null,
  version text not null,
  protocol integer not null,
  host text not null default '',
  kinds text[] not null default '{}',
  state text not null check (state in ('ready', 'draining', 'gone')),
  token text,
  registered_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
) with (fillfactor = 50);

-- API, executor and bootstrap tokens; only their SHA-256.
create table runtime.access_tokens (
  id text primary key,
  hash text not null unique,
  kind text not null check (kind in ('api', 'bootstrap', 'executor')),
  name text not null,
  scopes text[] not null,
  sessions text[] not null default '{*}',
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);
