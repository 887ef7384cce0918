select '/' as path
union all select '/about'
union all select '/api'
union all select '/changes'
union all select '/charts'
union all select '/search'
union all select '/timeline'
union all select '/downloads'
union all select '/clearview'
union all select '/clearview/' || name from sqlite_master
  where type in ('table', 'view') and name not like '%!_fts%' escape '!'
union all select '/clearview/agencies/' || id from agencies
union all select '/clearview/countries/' || id from countries
union all select '/clearview/sources/' || id from sources
union all select '/clearview/reports/' || "no" from reports
union all select '/clearview/regulatory_actions/' || id from regulatory_actions
