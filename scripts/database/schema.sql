-- One label table per category: id, what a reader sees, what it means, its place in a list.
create table countries (id text primary key, label text not null, description text not null, sort integer not null);
create table agency_types (id text primary key, label text not null, description text not null, sort integer not null);
create table responses (id text primary key, label text not null, description text not null, sort integer not null);
create table listings (id text primary key, label text not null, description text not null, sort integer not null);
create table licences (id text primary key, label text not null, description text not null, sort integer not null);
create table use_statuses (id text primary key, label text not null, description text not null, sort integer not null);
create table search_bands (
  id text primary key, label text not null, description text not null, sort integer not null,
  minimum integer, maximum integer
);
create table figure_origins (id text primary key, label text not null, description text not null, sort integer not null);

create table agencies (
  id text primary key,
  name text not null,
  native_name text,
  country text not null references countries (id),
  agency_type text not null references agency_types (id),
  locality text,
  region text,
  latitude real,
  longitude real,
  use_status text not null references use_statuses (id),
  listing text not null references listings (id),
  searches text not null,
  searches_min integer,
  searches_max integer,
  searches_about integer,
  searches_band text not null references search_bands (id),
  searches_basis text not null references figure_origins (id),
  figures_conflict integer not null check (figures_conflict in (0, 1)),
  response text not null references responses (id),
  response_2021 text not null references responses (id),
  licence text not null references licences (id),
  report_count integer not null,
  source_count integer not null,
  first_reported text,
  last_reported text,
  aliases text not null,
  country_name text not null,
  corrected text not null default 'no' check (corrected in ('yes', 'no')),
  check (searches_min <= searches_max)
);

create table sources (
  id text primary key,
  publisher text not null,
  title text,
  url text not null,
  copy_url text,
  published text,
  report_count integer not null
);

create table reports (
  no integer primary key,
  agency text references agencies (id),
  country text not null references countries (id),
  agency_as_printed text,
  country_as_printed text not null,
  searches_as_printed text,
  searches text,
  searches_min integer,
  searches_max integer,
  searches_about integer,
  figure_from text not null references figure_origins (id),
  response text not null references responses (id),
  response_given_to text not null,
  response_detail text,
  licence text not null references licences (id),
  use_status text not null references use_statuses (id),
  listing text not null references listings (id),
  source text not null references sources (id),
  note text,
  row integer not null,
  published text,
  file text not null,
  sheet text not null,
  corrected text not null default 'no' check (corrected in ('yes', 'no')),
  unique (file, sheet, row),
  check (searches_min <= searches_max)
);

create table published_totals (
  id text primary key,
  scope text not null,
  country text references countries (id),
  measure text not null,
  as_printed text not null,
  minimum integer,
  maximum integer,
  part_of text references published_totals (id),
  source text not null references sources (id)
);

create table regulatory_actions (
  id text primary key,
  country text not null references countries (id),
  regulator text not null,
  date text,
  action text not null,
  amount integer,
  currency text,
  summary text not null,
  publisher text not null,
  title text,
  url text not null,
  row integer not null,
  corrected text not null default 'no' check (corrected in ('yes', 'no'))
);
