-- Reports on the chosen bodies by month of their source; a source that gives only a year, or no date, stands for itself.
select
  substr(claims.published, 1, 7) as period, count(*) as reports, count(distinct claims.agency) as bodies,
  group_concat(distinct claims.agency) as ids
from claims
join chosen on chosen.id = claims.agency
group by period
order by period is null, period
