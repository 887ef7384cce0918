-- The pages written for readers: an address, and the key of a row or table behind it; as many as a sitemap may hold.
select '/' as path, null as key
union all select '/about', null
union all select '/api', null
union all select '/changes', null
union all select '/charts', null
union all select '/charts/' || value, null from json_each('["responses", "countries", "searches", "reports", "sums"]')
union all select '/charts/coverage', null where exists (select 1 from published_totals)
union all select '/compare', null
union all select '/search', null
union all select '/timeline', null
union all select '/downloads', null
union all select '/clearview', null
union all select '/clearview', name from sqlite_master
  where type in ('table', 'view') and name not like '%!_fts%' escape '!'
union all select '/clearview/agencies', id from agencies
union all select '/clearview/countries', id from countries
union all select '/clearview/sources', id from sources
union all select '/clearview/regulatory_actions', id from regulatory_actions
union all select '/clearview/reports', "no" from reports
limit 49900
