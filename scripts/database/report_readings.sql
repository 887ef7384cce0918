-- Which reading each text of a report has, by its number in readings; 0 is none.
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
