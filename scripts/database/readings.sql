-- What the log of changed cells is joined from, beside report_readings.sql: what each distinct text became; and the
-- cells that extract.py took personal data out of or corrected.
create table readings (
  id integer not null,
  read_from text not null,
  field text not null,
  kind text not null,
  before text not null,
  after text not null,
  reason text,
  primary key (id, field),
  check (before <> after)
);

-- Where each field of a report stands, by the number of the delivery.
create table log_places (
  delivery integer not null,
  read_from text not null,
  file text not null,
  sheet text not null,
  column text not null,
  primary key (delivery, read_from)
);

create table removals (
  file text not null,
  sheet text not null,
  row integer not null,
  column text not null,
  field text not null,
  kind text not null,
  before text not null,
  after text not null,
  reason text
);
