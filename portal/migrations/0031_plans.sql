-- The applications of a life event, begun together. `suggested`: the services that applied by what the registers said then.
CREATE TABLE plan (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES person (id),
    event text NOT NULL,
    suggested text [] NOT NULL,
    begun_at timestamptz NOT NULL,
    closed_at timestamptz,
    CONSTRAINT a_plan_is_closed_after_it_was_begun CHECK (closed_at >= begun_at)
);
-- Of one life event a person has one plan at a time, however often she presses.
CREATE UNIQUE INDEX a_life_event_is_planned_once_at_a_time ON plan (person_id, event) WHERE closed_at IS NULL;

CREATE TABLE plan_application (
    plan_id uuid NOT NULL REFERENCES plan (id),
    application_id uuid NOT NULL REFERENCES application (id),
    PRIMARY KEY (plan_id, application_id)
);
CREATE INDEX plan_application_application ON plan_application (application_id);
