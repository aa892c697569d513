-- compatible: the one function that commits a batch, and the month's partition of the log
-- A batch is a compare-and-set on (owner, fence, head). First the compare-and-set, raise on no row; then the writes,
-- each checked against its expected row count. It decides on its parameters alone. Answers the clock in milliseconds.
create function runtime.commit_batch(
  p_session text, p_owner uuid, p_fence bigint, p_head text,
  p_new_head text, p_first bigint, p_last bigint, p_at timestamptz, p_wake timestamptz, p_adopted bigint,
  p_kind text, p_transitions text[], p_correlations text[], p_events text,
  p_gone bigint[],
  p_ids bigint[], p_places text[], p_by text[], p_parents text[], p_depths integer[], p_correlation text[], p_data json,
  p_inbox bigint[], p_rest json
) returns double precision language plpgsql as $$
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
end $$;

-- The rarer parts of a batch: effects, decisions, sends, superseded tokens, lifecycle, poisoned rows.
create function runtime.commit_rest(p_session text, p_at timestamptz, p_rest json) returns void language plpgsql as $$
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
    insert into runtime.effects (session, firing, attempt, net, transition, kind, state, labels, pool, workspace, due_at, request, hold)
    select p_session, e.firing, 1, e.net, e.transition, e.kind, 'pending', e.labels, e.pool, e.workspace, p_at, e.request, e.hold
      from json_to_recordset(p_rest -> 'started') as e (firing bigint, net text, transition text, kind text, labels jsonb, pool text, workspace text, request jsonb, hold jsonb);
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

  if p_rest -> 'blocked' is not null then
    update runtime.effects e set state = 'blocked', hold = b.hold
      from json_to_recordset(p_rest -> 'blocked') as b (firing bigint, hold jsonb)
     where e.session = p_session and e.firing = b.firing and e.state = 'settled';
  end if;

  -- decided for good: kept a day for repeated settles, of no use to the engine any more
  if p_rest -> 'decided' is not null then
    update runtime.effects e set state = 'settled', hold = '{}'
      from json_array_elements_text(p_rest -> 'decided') as d (firing)
     where e.session = p_session and e.firing = d.firing::bigint and e.state in ('settled', 'blocked');
    get diagnostics n = row_count;
    expected := json_array_length(p_rest -> 'decided');
    if n <> expected then
      raise exception 'session %: % of % effects could be closed', p_session, n, expected using errcode = 'AN002';
    end if;
  end if;

  if p_rest -> 'withdrawn' is not null then
    update runtime.effects e set state = 'withdrawn', hold = '{}', settled_at = clock_timestamp()
      from json_array_elements_text(p_rest -> 'withdrawn') as w (firing)
     where e.session = p_session and e.firing = w.firing::bigint and e.state in ('pending', 'held');
    get diagnostics n = row_count;
    expected := json_array_length(p_rest -> 'withdrawn');
    if n <> expected then
      raise exception 'session %: % of % effects could be withdrawn', p_session, n, expected using errcode = 'AN002';
    end if;
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
