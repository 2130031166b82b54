-- Within what decisions were made, by service and day: the sums that pages read, kept by the step that decides.
-- Either whole working days, or 0 days and seconds. Each sum lies in parts, so that decisions need not wait in line.
CREATE TABLE decision_rollup (
    service_id text NOT NULL,
    day date NOT NULL,
    days bigint NOT NULL,
    seconds bigint NOT NULL,
    part bigint NOT NULL,
    decisions bigint NOT NULL,
    PRIMARY KEY (service_id, day, days, seconds, part),
    CONSTRAINT a_decision_takes_days_or_seconds CHECK (
        (days > 0 AND seconds = 0) OR (days = 0 AND seconds > 0)
    ),
    CONSTRAINT decisions_count_from_one CHECK (decisions >= 1)
);

-- An office's queue, by the day on which each is due: all of it, with what is counted; of one service; in one state;
-- of one officer; nobody's yet.
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX application_of_desk;
CREATE INDEX application_of_desk ON application (desk, due_on, id) INCLUDE (officer_id, state, person_id)
WHERE state IN ('submitted', 'in_review', 'awaiting_citizen', 'awaiting_opinion', 'appealed') AND desk IS NOT NULL;
CREATE INDEX application_of_desk_and_service ON application (desk, service_id, due_on, id)
WHERE state IN ('submitted', 'in_review', 'awaiting_citizen', 'awaiting_opinion', 'appealed') AND desk IS NOT NULL;
CREATE INDEX application_of_desk_and_state ON application (desk, state, due_on, id)
WHERE state IN ('submitted', 'in_review', 'awaiting_citizen', 'awaiting_opinion', 'appealed') AND desk IS NOT NULL;
CREATE INDEX application_of_desk_and_officer ON application (desk, officer_id, due_on, id)
WHERE state IN ('submitted', 'in_review', 'awaiting_citizen', 'awaiting_opinion', 'appealed')
AND desk IS NOT NULL AND officer_id IS NOT NULL;
CREATE INDEX application_of_desk_and_nobody ON application (desk, due_on, id)
WHERE state IN ('submitted', 'in_review', 'awaiting_citizen', 'awaiting_opinion', 'appealed')
AND desk IS NOT NULL AND officer_id IS NULL;
