-- What an officer has and what nobody has are counted from their index alone, without a look at each application.
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX application_of_desk_and_officer;
CREATE INDEX application_of_desk_and_officer ON application (desk, officer_id, due_on, id) INCLUDE (state, person_id)
WHERE state IN ('submitted', 'in_review', 'awaiting_citizen', 'awaiting_opinion', 'appealed')
AND desk IS NOT NULL AND officer_id IS NOT NULL;
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX application_of_desk_and_nobody;
CREATE INDEX application_of_desk_and_nobody ON application (desk, due_on, id) INCLUDE (state, person_id)
WHERE state IN ('submitted', 'in_review', 'awaiting_citizen', 'awaiting_opinion', 'appealed')
AND desk IS NOT NULL AND officer_id IS NULL;
