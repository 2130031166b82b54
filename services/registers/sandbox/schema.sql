-- What the registers of the demonstration share. Run at every start: it makes what is missing and changes nothing.
-- Each register's own tables stand in its own schema.sql, its record of who asked in access.sql.
CREATE SCHEMA IF NOT EXISTS registers;
SET LOCAL search_path = registers;

-- How far seeding has come, for which day the population was made, and by which make of the generator.
CREATE TABLE IF NOT EXISTS seeding (
    one boolean PRIMARY KEY DEFAULT true,
    day date NOT NULL,
    next_kin integer NOT NULL,
    living integer NOT NULL,
    CONSTRAINT there_is_one_population CHECK (one)
);
ALTER TABLE seeding ADD COLUMN IF NOT EXISTS make integer NOT NULL DEFAULT 1;

-- Who is missing in a register that ought to know her.
CREATE TABLE IF NOT EXISTS gap (
    register text NOT NULL,
    personal_number text NOT NULL,
    PRIMARY KEY (register, personal_number)
);

-- What each register signs its answers with. A key that is no longer used stays published: it proves what it signed.
CREATE TABLE IF NOT EXISTS signing_key (
    kid text PRIMARY KEY,
    register text NOT NULL,
    private_key text NOT NULL,
    created_at timestamptz NOT NULL,
    retired_at timestamptz
);
CREATE UNIQUE INDEX IF NOT EXISTS a_register_signs_with_one_key ON signing_key (register) WHERE retired_at IS NULL;

-- What the registers tell without being asked, in the order in which it is told.
CREATE TABLE IF NOT EXISTS event (
    sequence bigint PRIMARY KEY,
    day date NOT NULL,
    register text NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    key text NOT NULL,
    about jsonb NOT NULL,
    CONSTRAINT an_event_is_told_once UNIQUE (day, register, kind, subject, key)
);
CREATE TABLE IF NOT EXISTS feed (
    one boolean PRIMARY KEY DEFAULT true,
    told_until date NOT NULL,
    CONSTRAINT there_is_one_feed CHECK (one)
);

CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
CREATE OR REPLACE TRIGGER event_is_append_only
BEFORE UPDATE OR DELETE ON event
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
