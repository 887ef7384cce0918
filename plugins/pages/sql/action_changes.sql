-- The cells of a regulatory action that were corrected.
select "column", kind, before, after, reason
from cleaning_log
where file like '%/regulatory_actions.csv' and row = :row
order by "column"
