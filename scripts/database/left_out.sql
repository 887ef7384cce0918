-- The agencies that a dataset's profile keeps out of its list, each with the reason.
create table left_out (
  id text primary key,
  name text not null,
  country text not null references countries (id),
  agency_type text not null references agency_types (id),
  reason text not null
);
create index left_out_country on left_out (country);
create index left_out_reason on left_out (reason);
