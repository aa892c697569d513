-- compatible: a table that the version before does not read, and a guard on the partition that has no month
-- What a dropped partition leaves behind: the chain of each session goes on from this hash.
create table runtime.segments_dropped (
  session text not null,
  partition text not null,
  last bigint not null,
  hash text not null,
  dropped_at timestamptz not null default now(),
  primary key (session, partition)
);

-- Row triggers are inherited by partitions, statement triggers are not.
create trigger segments_no_truncate before truncate on runtime.segments_default
  for each statement execute function runtime.refuse_change();
