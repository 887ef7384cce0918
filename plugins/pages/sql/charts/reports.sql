-- Reports on the chosen agencies by month of their source; a source that gives only a year, or no date, stands for itself.
select
  substr(reports.published, 1, 7) as period, count(*) as reports, count(distinct reports.agency) as agencies,
  group_concat(distinct reports.agency) as ids
from reports
join chosen on chosen.id = reports.agency
group by period
order by period is null, period
