-- A published total beside what is documented here; the query is the page that shows ours.
-- Its columns are chosen in coverage_columns.sql.
create view coverage as
with listed as (
  select * from agencies where listing = 'buzzfeed_2021'
),
documented (id, documented, query) as (
  select 'agencies', count(*), '/clearview/agencies?listing=buzzfeed_2021' from listed
  union all
  select 'countries', count(distinct country),
    '/clearview/reports?listing=buzzfeed_2021&use_status__not=not_reported&country__not=XX&_facet=country'
  from reports where listing = 'buzzfeed_2021' and use_status <> 'not_reported' and country <> 'XX'
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
  select 'agencies_' || lower(country), count(*), '/clearview/agencies?listing=buzzfeed_2021&country=' || country
  from listed group by country
  union all
  select 'searches_' || lower(country), coalesce(sum(searches_min), 0),
    '/clearview/agencies?listing=buzzfeed_2021&searches_basis=buzzfeed_2021&country=' || country
  from listed where searches_basis = 'buzzfeed_2021' group by country
)
