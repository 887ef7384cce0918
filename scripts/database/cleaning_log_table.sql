-- The log of changed cells as a table: cleaning_log.sql fills it.
create table cleaning_log (
  file text not null,
  sheet text not null,
  row integer not null,
  column text not null,
  field text not null,
  kind text not null,
  before text not null,
  after text not null,
  reason text,
  primary key (file, sheet, row, field, kind),
  check (before <> after)
);
