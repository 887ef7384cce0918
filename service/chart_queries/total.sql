-- What the chosen agencies come to. A sum of searches is a sum of lower ends: at least so many.
select
  count(*) as agencies,
  sum(use_status = 'reported') as reported,
  count(coalesce(searches_min, searches_max, searches_about)) as drawn,
  count(searches_min) as figures,
  sum(searches_min) as searches,
  sum(searches_basis <> 'not_stated' and coalesce(searches_min, searches_max, searches_about) is null) as worded
from chosen
