-- How many reports a timeline is of.
select case
  when :agency <> '' then (select count(*) from reports where agency = :agency)
  when :country <> '' then (select count(*) from reports where country = :country)
  else (select count(*) from reports)
end as reports
