-- The regulatory actions of a timeline: of a country, or all.
select id, regulator, action, date from regulatory_actions where :country = '' or country = :country
