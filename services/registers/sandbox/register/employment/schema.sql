-- Employment, search of work, pensions. Money is in cents of a euro.
CREATE TABLE IF NOT EXISTS employment (
    personal_number text NOT NULL,
    employer text NOT NULL,
    employer_name text NOT NULL,
    position text NOT NULL,
    since date NOT NULL,
    until date,
    gross_monthly_cents bigint NOT NULL,
    CONSTRAINT work_ends_after_it_began CHECK (until IS NULL OR until >= since)
);
CREATE INDEX IF NOT EXISTS employment_by_person ON employment (personal_number);

CREATE TABLE IF NOT EXISTS jobseeker (
    personal_number text PRIMARY KEY,
    registered_on date NOT NULL
);

CREATE TABLE IF NOT EXISTS pension (
    number text PRIMARY KEY,
    personal_number text NOT NULL,
    kind text NOT NULL,
    since date NOT NULL,
    monthly_cents bigint NOT NULL,
    CONSTRAINT a_pension_is_of_a_known_kind
        CHECK (kind IN ('basic_age', 'contributory_age', 'disability', 'family'))
);
CREATE INDEX IF NOT EXISTS pension_by_person ON pension (personal_number);
