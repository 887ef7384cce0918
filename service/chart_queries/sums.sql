-- The chosen agencies' lowest numbers of searches, added up by country: at least so many, the greatest first.
select
  countries.id, countries.label, count(*) as agencies, count(searches_min) as figures, sum(searches_min) as searches
from chosen
join countries on countries.id = chosen.country
group by countries.id
order by searches is null, searches desc, countries.sort
