-- The record of who looked becomes one that shows tampering: each person's reads of a day are bound together, each row is
-- marked by a key that the database does not hold, and each day ends with a signed head (docs/decisions/0036).

ALTER TABLE fact_read
ADD COLUMN reader_institution text,
ADD COLUMN reason text,
ADD COLUMN by_subject boolean,
ADD COLUMN day date,
ADD COLUMN shown_from date,
ADD COLUMN position bigint,
ADD COLUMN proof bytea,
ADD COLUMN hash bytea,
ADD COLUMN mark bytea;

-- squawk-ignore ban-drop-constraint
ALTER TABLE fact_read DROP CONSTRAINT a_read_ends_in_one_of_three_ways;
-- What was recorded before this stands in no chain; all that is new does.
ALTER TABLE fact_read
ADD CONSTRAINT a_read_ends_in_one_of_four_ways
CHECK (outcome IN ('ok', 'refused', 'unreachable', 'denied')) NOT VALID,
ADD CONSTRAINT a_new_read_stands_in_a_chain
CHECK (
    day IS NOT NULL AND shown_from IS NOT NULL AND position IS NOT NULL AND by_subject IS NOT NULL
    AND hash IS NOT NULL AND mark IS NOT NULL
) NOT VALID,
ADD CONSTRAINT who_looks_in_office_says_why
CHECK (reader_kind NOT IN ('clerk', 'officer') OR outcome = 'denied' OR coalesce(trim(reason), '') <> '') NOT VALID,
ADD CONSTRAINT only_an_officers_look_is_shown_later
CHECK (shown_from = day OR reader_kind = 'officer') NOT VALID,
ADD CONSTRAINT a_look_is_shown_within_two_years
CHECK (shown_from BETWEEN day AND day + 731) NOT VALID;

CREATE UNIQUE INDEX fact_read_in_chain ON fact_read (day, subject, shown_from, position) WHERE day IS NOT NULL;
CREATE INDEX fact_read_by_others ON fact_read (subject, id DESC) WHERE by_subject IS NOT TRUE;

-- A chain in short, kept with its last read; `path` leads to the root of its day once that is sealed.
CREATE TABLE fact_read_chain (
    subject text NOT NULL,
    day date NOT NULL,
    shown_from date NOT NULL,
    length bigint NOT NULL,
    head bytea NOT NULL,
    mark bytea NOT NULL,
    path bytea,
    PRIMARY KEY (day, subject, shown_from),
    CONSTRAINT a_chain_counts_from_nothing CHECK (length >= 0)
);

-- What each day came to, signed (JWS) and bound to the day before.
CREATE TABLE fact_read_day (
    day date PRIMARY KEY,
    root bytea NOT NULL,
    chains bigint NOT NULL,
    reads bigint NOT NULL,
    signed text NOT NULL,
    sealed_at timestamptz NOT NULL
);
CREATE TRIGGER fact_read_day_is_append_only
BEFORE UPDATE OR DELETE OR TRUNCATE ON fact_read_day
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What is left of each message to a register as proof; what it answered stands nowhere here.
CREATE TABLE register_message (
    message_id uuid PRIMARY KEY,
    path text NOT NULL,
    request_hash text NOT NULL,
    request_signature text NOT NULL,
    status bigint,
    answer_hash bytea,
    answer_signature text,
    CONSTRAINT an_answer_has_a_status_and_a_hash CHECK ((status IS NULL) = (answer_hash IS NULL))
);
CREATE TRIGGER register_message_is_append_only
BEFORE UPDATE OR DELETE OR TRUNCATE ON register_message
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Who works where, and whose data is watched: looks of officers and clerks at themselves, at colleagues and at marked
-- persons raise an alert.
CREATE TABLE office_member (
    personal_number text NOT NULL,
    institution text NOT NULL,
    since date NOT NULL,
    PRIMARY KEY (personal_number, institution),
    CONSTRAINT a_member_has_ten_digits CHECK (personal_number ~ '^[0-9]{10}$')
);

CREATE TABLE marked_person (
    personal_number text PRIMARY KEY,
    marked_at timestamptz NOT NULL,
    CONSTRAINT a_marked_person_has_ten_digits CHECK (personal_number ~ '^[0-9]{10}$')
);

CREATE TABLE look_alert_event (
    read_id uuid NOT NULL,
    rule text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (read_id, rule),
    CONSTRAINT an_alert_follows_a_known_rule CHECK (rule IN ('self', 'colleague', 'marked'))
);
CREATE INDEX look_alert_event_by_time ON look_alert_event (at);
CREATE TRIGGER look_alert_event_is_append_only
BEFORE UPDATE OR DELETE OR TRUNCATE ON look_alert_event
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
