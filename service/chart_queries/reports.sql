-- Reports on the chosen agencies by month of their source; a source that gives only a year, or no date, stands for itself.
-- ids: the agencies of a month, at most one more than an address may name, to know whether there are more. The reports of
-- each agency and date are counted first, by their index.
select
  period, sum(reports) as reports, count(*) as agencies,
  group_concat(case when place <= :most + 1 then agency end) as ids
from (
  select
    substr(dated.published, 1, 7) as period, dated.agency, sum(dated.reports) as reports,
    row_number() over (partition by substr(dated.published, 1, 7)) as place
  from (
    select agency, published, count(*) as reports from reports where agency is not null group by agency, published
  ) as dated
  join chosen on chosen.id = dated.agency
  group by period, dated.agency
)
group by period
order by period is null, period
