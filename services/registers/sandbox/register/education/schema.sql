-- Education.
CREATE TABLE IF NOT EXISTS enrolment (
    personal_number text NOT NULL,
    school_year text NOT NULL,
    level text NOT NULL,
    grade integer NOT NULL,
    school text NOT NULL,
    municipality text NOT NULL,
    PRIMARY KEY (personal_number, school_year, school),
    CONSTRAINT an_enrolment_is_at_a_known_level
        CHECK (level IN ('preschool', 'primary', 'lower_secondary', 'upper_secondary', 'university'))
);

CREATE TABLE IF NOT EXISTS diploma (
    number text PRIMARY KEY,
    personal_number text NOT NULL,
    level text NOT NULL,
    field text NOT NULL,
    institution text NOT NULL,
    awarded_on date NOT NULL,
    CONSTRAINT a_diploma_is_of_a_known_level CHECK (level IN ('upper_secondary', 'bachelor'))
);
CREATE INDEX IF NOT EXISTS diploma_by_person ON diploma (personal_number);
