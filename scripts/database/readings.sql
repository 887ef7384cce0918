-- What the log of changed cells is joined from: what each distinct text became, and which texts each report has;
-- and the cells that extract.py took personal data out of or corrected.
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

create table report_readings (
  delivery integer not null,
  row integer not null,
  no integer not null,
  agency integer not null,
  country integer not null,
  searches integer not null,
  figure_from integer not null,
  response integer not null,
  response_given_to integer not null,
  response_detail integer not null,
  licence integer not null,
  use_status integer not null,
  listing integer not null,
  source integer not null,
  note integer not null,
  region integer not null,
  locality integer not null,
  date integer not null,
  period integer not null,
  primary key (row, delivery)
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
