-- What the registers were told, by the id of the message: one that comes again gets the answer that it got, and changes
-- nothing. `request_hash` tells the same message from another one under its id.
CREATE TABLE IF NOT EXISTS written (
    message_id uuid PRIMARY KEY,
    request_hash text NOT NULL,
    status integer NOT NULL,
    answer bytea NOT NULL,
    at timestamptz NOT NULL
);
CREATE OR REPLACE TRIGGER written_is_append_only
BEFORE UPDATE OR DELETE ON written
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Whose rows a register was told to change: the demonstration makes them anew no more as the days go by.
CREATE TABLE IF NOT EXISTS written_of (
    register text NOT NULL,
    personal_number text NOT NULL,
    PRIMARY KEY (register, personal_number)
);

-- Numbers for what is new, apart from those of the invented people.
CREATE SEQUENCE IF NOT EXISTS written_serial;
