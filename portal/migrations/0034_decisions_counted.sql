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
