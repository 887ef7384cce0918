-- Reports on the chosen agencies by month of their source; a source that gives only a year, or no date, stands for itself.
-- ids: the agencies of a month, at most one more than an address may name, to know whether there are more.
select
  period, sum(reports) as reports, count(*) as agencies,
  group_concat(case when place <= :most + 1 then agency end) as ids
from (
  select
    substr(reports.published, 1, 7) as period, reports.agency, count(*) as reports,
    row_number() over (partition by substr(reports.published, 1, 7)) as place
  from reports
  join chosen on chosen.id = reports.agency
  group by period, reports.agency
)
group by period
order by period is null, period
