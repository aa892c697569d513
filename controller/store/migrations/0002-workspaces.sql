-- compatible: a table and indexes that the version before does not read
-- Which executor holds a workspace's directory (LANGUAGE: workspace). begun: an outcome has come of it, so the
-- directory is no longer to be made anew. used_at: the last of them, or the first lease.
create table runtime.workspaces (
  session text not null,
  workspace text not null,
  executor text not null,
  begun boolean not null default false,
  used_at timestamptz not null default now(),
  primary key (session, workspace)
) with (fillfactor = 50);
create index workspaces_by_executor on runtime.workspaces (executor);

-- One command at a time on a workspace, whatever races.
create unique index effects_workspace on runtime.effects (session, workspace) where state = 'leased' and workspace <> '';
create index effects_workspace_pending on runtime.effects (session, workspace, firing) where state = 'pending' and workspace <> '';

-- A lease hops from session to session.
create index effects_turn on runtime.effects (pool, session, due_at) where state = 'pending';
