-- Reports -> what they say of each agency: the columns of agencies of the same names, but for those in words. DuckDB and
-- Spark run it as it stands. The rules are those of scripts/database/resolver.py: the strongest on each label table's ladder
-- stands, and a figure is what the best origin says, its intervals intersected.
with estimates as (
  select distinct agency, figure_from, searches_about from reports where searches_about is not null
),
figures as (
  select
    reports.agency,
    origins.id as origin,
    origins.sort as place,
    reports.searches,
    reports.searches_min,
    reports.searches_about,
    estimates.agency is not null as rounded,
    reports.searches_min is not null or reports.searches_max is not null as bounded,
    coalesce(reports.searches_min, 0) as low,
    coalesce(reports.searches_max, 9223372036854775807) as high
  from reports
  join figure_origins as origins on origins.id = reports.figure_from
  left join estimates
    on estimates.agency = reports.agency and estimates.figure_from = reports.figure_from
    and estimates.searches_about = reports.searches_min and reports.searches_min = reports.searches_max
  where origins.id not in ('doubtful', 'not_stated')
),
best as (
  select
    agency,
    min(case when bounded or searches_about is not null then place end) as of_number,
    min(case when searches is not null then place end) as of_words
  from figures
  group by agency
),
own as (
  select
    figures.agency,
    max(figures.origin) as origin,
    max(case when bounded then 1 else 0 end) as has_bounds,
    max(case when searches_min is not null then 1 else 0 end) as has_minimum,
    max(case when bounded then low end) as low,
    min(case when bounded then high end) as high,
    count(distinct searches_about) as estimates,
    max(searches_about) as about
  from figures
  join best on best.agency = figures.agency and coalesce(best.of_number, best.of_words) = figures.place
  -- An exact figure that the same origin gives as an estimate is no more precise than that.
  where not figures.rounded
  group by figures.agency
),
contradicted as (
  select distinct own.agency
  from own
  join best on best.agency = own.agency
  join figures on figures.agency = own.agency and figures.bounded and figures.place <> best.of_number
  where own.has_bounds = 1 and greatest(own.low, figures.low) > least(own.high, figures.high)
),
figure as (
  select
    own.agency,
    own.origin,
    case when has_bounds = 1 and low <= high and has_minimum = 1 then low end as searches_min,
    case when has_bounds = 1 and low <= high and high < 9223372036854775807 then high end as searches_max,
    case when has_bounds = 0 and estimates = 1 then about end as searches_about,
    case
      when has_bounds = 1 and (low > high or contradicted.agency is not null) then 1
      when has_bounds = 0 and estimates > 1 then 1
      else 0
    end as figures_conflict
  from own
  left join contradicted on contradicted.agency = own.agency
),
said as (
  select
    reports.agency,
    min_by(use_statuses.id, use_statuses.sort) as use_status,
    min_by(listings.id, listings.sort) as listing,
    min_by(responses.id, responses.sort) as response,
    min_by(
      case when reports.response_given_to = 'BuzzFeed News, 2021' then responses.id end,
      case when reports.response_given_to = 'BuzzFeed News, 2021' then responses.sort end
    ) as response_2021,
    min_by(licences.id, licences.sort) as licence,
    count(*) as report_count,
    count(distinct reports.source) as source_count,
    -- A month or a year counts as its end: on 2021-08-25 an agency named in August 2021 may not have been named yet.
    min_by(reports.published, reports.published || substr('-99-99', length(reports.published) - 3)) as first_reported,
    max(reports.published) as last_reported
  from reports
  join use_statuses on use_statuses.id = reports.use_status
  join listings on listings.id = reports.listing
  join responses on responses.id = reports.response
  join licences on licences.id = reports.licence
  where reports.agency is not null
  group by reports.agency
)
select
  said.agency as id,
  said.use_status,
  said.listing,
  figure.searches_min,
  figure.searches_max,
  figure.searches_about,
  coalesce(figure.origin, 'not_stated') as searches_basis,
  coalesce(figure.figures_conflict, 0) as figures_conflict,
  said.response,
  coalesce(said.response_2021, 'not_stated') as response_2021,
  said.licence,
  said.report_count,
  said.source_count,
  said.first_reported,
  said.last_reported
from said
left join figure on figure.agency = said.agency
