-- Civil status: persons, marriages, former names.
CREATE TABLE IF NOT EXISTS person (
    personal_number text PRIMARY KEY,
    given_name text NOT NULL,
    family_name text NOT NULL,
    birth_family_name text NOT NULL,
    given_name_cyrl text,
    family_name_cyrl text,
    birthdate date NOT NULL,
    birth_municipality text,
    birth_place text NOT NULL,
    birth_country text NOT NULL,
    sex text NOT NULL,
    citizenship text NOT NULL,
    father text REFERENCES person (personal_number),
    father_given_name text NOT NULL,
    father_family_name text NOT NULL,
    mother text REFERENCES person (personal_number),
    mother_given_name text NOT NULL,
    mother_family_name text NOT NULL,
    mother_birth_family_name text NOT NULL,
    marital_status text NOT NULL,
    died_on date,
    -- Where civil status believes that the person lives; the register of addresses knows better, mostly.
    residence_municipality text,
    entry_municipality text NOT NULL,
    entry_book text NOT NULL,
    entry_page integer NOT NULL,
    entry_number integer NOT NULL,
    entry_year integer NOT NULL,
    CONSTRAINT a_personal_number_has_ten_digits CHECK (personal_number ~ '^[0-9]{10}$'),
    CONSTRAINT a_sex_is_one_of_two CHECK (sex IN ('female', 'male')),
    CONSTRAINT a_marital_status_is_known CHECK (marital_status IN ('single', 'married', 'divorced', 'widowed')),
    CONSTRAINT nobody_dies_before_birth CHECK (died_on IS NULL OR died_on >= birthdate),
    CONSTRAINT a_birth_stands_in_one_entry UNIQUE (entry_municipality, entry_year, entry_book, entry_number)
);
CREATE INDEX IF NOT EXISTS person_by_father ON person (father);
CREATE INDEX IF NOT EXISTS person_by_mother ON person (mother);
CREATE INDEX IF NOT EXISTS person_by_birthdate ON person (birthdate);

CREATE TABLE IF NOT EXISTS marriage (
    husband text NOT NULL REFERENCES person (personal_number),
    wife text NOT NULL REFERENCES person (personal_number),
    married_on date NOT NULL,
    ended_on date,
    ended_by text,
    entry_municipality text NOT NULL,
    entry_book text NOT NULL,
    entry_page integer NOT NULL,
    entry_number integer NOT NULL,
    entry_year integer NOT NULL,
    PRIMARY KEY (husband, wife, married_on),
    CONSTRAINT a_marriage_ends_by_divorce_or_death CHECK (ended_by IN ('divorce', 'death')),
    CONSTRAINT a_marriage_that_ended_says_when_and_why CHECK ((ended_on IS NULL) = (ended_by IS NULL)),
    CONSTRAINT a_marriage_stands_in_one_entry UNIQUE (entry_municipality, entry_year, entry_book, entry_number)
);
CREATE INDEX IF NOT EXISTS marriage_by_wife ON marriage (wife);

CREATE TABLE IF NOT EXISTS name_change (
    personal_number text NOT NULL,
    changed_on date NOT NULL,
    reason text NOT NULL,
    old_given_name text NOT NULL,
    old_family_name text NOT NULL,
    PRIMARY KEY (personal_number, changed_on, reason),
    CONSTRAINT a_name_changes_by_marriage_or_request CHECK (reason IN ('marriage', 'request'))
);
