-- Who read what about whom, and why. A person may see every look at her data; nobody may change what happened.

-- It names no row of another table by reference: it outlives the draft that was thrown away and the account closed.
CREATE TABLE fact_read (
    id uuid PRIMARY KEY,
    subject text NOT NULL,
    reader_kind text NOT NULL,
    reader_role text,
    reader_id uuid,
    register text NOT NULL,
    fact text NOT NULL,
    purpose jsonb NOT NULL,
    legal_basis jsonb NOT NULL,
    application_id uuid,
    channel text NOT NULL,
    message_id uuid NOT NULL,
    at timestamptz NOT NULL,
    outcome text NOT NULL,
    CONSTRAINT a_subject_is_a_personal_number CHECK (subject ~ '^[0-9]{10}$'),
    CONSTRAINT a_reader_is_of_a_known_kind CHECK (reader_kind IN ('citizen', 'clerk', 'officer', 'system')),
    CONSTRAINT a_human_reader_is_named CHECK (reader_kind = 'system' OR reader_id IS NOT NULL),
    CONSTRAINT a_read_came_by_a_known_channel CHECK (channel IN ('portal', 'counter', 'worker')),
    CONSTRAINT a_read_ends_in_one_of_three_ways CHECK (outcome IN ('ok', 'refused', 'unreachable')),
    CONSTRAINT a_purpose_is_said_in_every_language CHECK (purpose ?& ARRAY['sq', 'sr', 'en']),
    CONSTRAINT a_message_is_recorded_once UNIQUE (message_id)
);
CREATE INDEX fact_read_of_person ON fact_read (subject, id DESC);

CREATE TRIGGER fact_read_is_append_only
BEFORE UPDATE OR DELETE OR TRUNCATE ON fact_read
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
