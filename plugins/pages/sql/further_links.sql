-- The pages that a report links to beside its own source.
select sources.id, sources.publisher
from further_sources
join sources on sources.id = further_sources.source
where further_sources.report = :report
order by sources.id
