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
  claim_count integer not null,
  source_count integer not null,
  first_reported text,
  last_reported text,
  aliases text not null,
  country_name text not null,
  check (searches_min <= searches_max)
);

create table sources (
  id text primary key,
  publisher text not null,
  title text,
  url text not null,
  copy_url text,
  published text,
  claim_count integer not null
);

create table claims (
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
  row integer not null unique,
  published text,
  check (searches_min <= searches_max)
);

create table issues (
  file text not null,
  sheet text not null,
  row integer not null,
  column text not null,
  field text not null,
  kind text not null,
  before text not null,
  after text not null,
  reason text,
  primary key (file, sheet, row, field),
  check (before <> after)
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

create table regulator_actions (
  id text primary key,
  country text not null references countries (id),
  regulator text not null,
  date text,
  action text not null,
  amount integer,
  currency text,
  summary text not null,
  publisher text not null,
  title text not null,
  url text not null
);

create index agencies_country on agencies (country);
create index agencies_agency_type on agencies (agency_type);
create index agencies_use_status on agencies (use_status);
create index agencies_listing on agencies (listing);
create index agencies_searches_band on agencies (searches_band);
create index agencies_searches_basis on agencies (searches_basis);
create index agencies_figures_conflict on agencies (figures_conflict);
create index agencies_response on agencies (response);
create index agencies_response_2021 on agencies (response_2021);
create index agencies_licence on agencies (licence);
create index claims_agency on claims (agency);
create index claims_country on claims (country);
create index claims_figure_from on claims (figure_from);
create index claims_response on claims (response);
create index claims_response_given_to on claims (response_given_to);
create index claims_licence on claims (licence);
create index claims_use_status on claims (use_status);
create index claims_listing on claims (listing);
create index claims_source on claims (source);
create index claims_published on claims (published);
create index issues_column on issues (column);
create index issues_field on issues (field);
create index issues_kind on issues (kind);
create index published_totals_country on published_totals (country);
create index published_totals_part_of on published_totals (part_of);
create index published_totals_source on published_totals (source);
create index regulator_actions_country on regulator_actions (country);

-- A published total beside what is documented here; the query is the page that shows ours.
create view coverage as
with listed as (
  select * from agencies where listing = 'buzzfeed_2021'
),
documented (id, documented, query) as (
  select 'entities', count(*), '/clearview/agencies?listing=buzzfeed_2021' from listed
  union all
  select 'countries', count(distinct country),
    '/clearview/claims?listing=buzzfeed_2021&use_status__not=not_reported&country__not=XX&_facet=country'
  from claims where listing = 'buzzfeed_2021' and use_status <> 'not_reported' and country <> 'XX'
  union all
  select 'searches', coalesce(sum(searches_min), 0), '/clearview/agencies?listing=buzzfeed_2021&searches_basis=buzzfeed_2021'
  from listed where searches_basis = 'buzzfeed_2021'
  union all
  select 'admitted', count(*),
    '/clearview/agencies?listing=buzzfeed_2021&response_2021__in=admitted,admitted_leadership_unaware,denied_then_admitted'
  from listed where response_2021 in ('admitted', 'admitted_leadership_unaware', 'denied_then_admitted')
  union all
  select 'admitted_unaware', count(*), '/clearview/agencies?listing=buzzfeed_2021&response_2021=admitted_leadership_unaware'
  from listed where response_2021 = 'admitted_leadership_unaware'
  union all
  select response_2021, count(*), '/clearview/agencies?listing=buzzfeed_2021&response_2021=' || response_2021
  from listed where response_2021 in ('denied_then_admitted', 'declined', 'denied', 'no_response') group by response_2021
  union all
  select 'entities_' || lower(country), count(*), '/clearview/agencies?listing=buzzfeed_2021&country=' || country
  from listed group by country
  union all
  select 'searches_' || lower(country), coalesce(sum(searches_min), 0),
    '/clearview/agencies?listing=buzzfeed_2021&searches_basis=buzzfeed_2021&country=' || country
  from listed where searches_basis = 'buzzfeed_2021' group by country
)
select
  published_totals.id,
  published_totals.measure,
  published_totals.country,
  published_totals.as_printed,
  coalesce(published_totals.minimum, published_totals.maximum) as published,
  documented.documented,
  coalesce(published_totals.minimum, published_totals.maximum) - documented.documented as missing,
  documented.query
from published_totals
left join documented on documented.id = published_totals.id
order by published_totals.rowid;
