-- When the reports on a country were published, from the first to the latest; a year or month stands as it is.
select min(published) as first, max(published) as latest from reports where country = :country
