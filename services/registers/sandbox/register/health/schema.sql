-- Health: insurance, and births as hospitals reported them.
CREATE TABLE IF NOT EXISTS insured (
    number text PRIMARY KEY,
    personal_number text NOT NULL,
    category text NOT NULL,
    since date NOT NULL,
    valid_until date NOT NULL,
    CONSTRAINT the_insured_are_of_a_known_category CHECK (category IN ('child', 'employee', 'pensioner', 'other')),
    CONSTRAINT insurance_ends_after_it_began CHECK (valid_until >= since)
);
CREATE INDEX IF NOT EXISTS insured_by_person ON insured (personal_number);

CREATE TABLE IF NOT EXISTS birth_notice (
    number text PRIMARY KEY,
    mother text NOT NULL,
    child text NOT NULL,
    hospital text NOT NULL,
    municipality text NOT NULL,
    born_on date NOT NULL,
    weight_g integer NOT NULL
);
CREATE INDEX IF NOT EXISTS birth_notice_by_mother ON birth_notice (mother);
