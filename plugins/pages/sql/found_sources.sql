-- Sources that a search found.
select
  id, '/clearview/sources' as url,
  coalesce(title, publisher || ', a page without a known title') as name, publisher, published, report_count
from sources
where id in (select value from json_each(:ids))
