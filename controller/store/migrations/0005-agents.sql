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

-- Work for an executor that belongs to no firing: HTTP_CALL and containers, asked for by a tool.
create table runtime.errands (
  id uuid primary key,
  session text not null,
  kind text not null check (kind in ('http', 'container')),
  request jsonb not null,
  state text not null check (state in ('pending', 'leased', 'done')),
  lease uuid,
  executor text,
  outcome jsonb,
  at timestamptz not null default now(),
  until timestamptz not null
) with (fillfactor = 50);
create index errands_pending on runtime.errands (at) where state = 'pending';

-- An access token may be held by an agent, and may have a role for tools; without one its scopes tell it.
alter table runtime.access_tokens add column agent boolean not null default false;
alter table runtime.access_tokens add column role text;
