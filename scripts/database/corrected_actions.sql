-- Marks the regulatory actions of which a cell was corrected.
update regulatory_actions set corrected = 'yes'
where row in (select row from removals where kind = 'corrected' and file like '%/regulatory_actions.csv')
