-- The registers of the demonstration. Run at every start: it makes what is missing and changes nothing.
CREATE SCHEMA IF NOT EXISTS registers;
SET LOCAL search_path = registers;

-- Civil status.
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

-- Addresses.
CREATE TABLE IF NOT EXISTS dwelling (
    id bigint PRIMARY KEY,
    municipality text NOT NULL,
    settlement text NOT NULL,
    street text NOT NULL,
    number text NOT NULL,
    postal_code text NOT NULL,
    CONSTRAINT a_postal_code_has_five_digits CHECK (postal_code ~ '^[0-9]{5}$')
);

CREATE TABLE IF NOT EXISTS residence (
    personal_number text PRIMARY KEY REFERENCES person (personal_number),
    dwelling bigint NOT NULL REFERENCES dwelling (id),
    since date NOT NULL
);
CREATE INDEX IF NOT EXISTS residence_by_dwelling ON residence (dwelling);

-- Vehicles.
CREATE TABLE IF NOT EXISTS vehicle (
    plate text PRIMARY KEY,
    vin text NOT NULL,
    owner text NOT NULL REFERENCES person (personal_number),
    make text NOT NULL,
    model text NOT NULL,
    year integer NOT NULL,
    fuel text NOT NULL,
    engine_cc integer NOT NULL,
    first_registered date NOT NULL,
    registration_valid_until date NOT NULL,
    inspection_valid_until date NOT NULL,
    insurance_valid_until date NOT NULL,
    CONSTRAINT a_chassis_has_one_plate UNIQUE (vin),
    CONSTRAINT a_plate_is_of_a_region CHECK (plate ~ '^0[1-7]-[1-9][0-9]{2}-[A-Q]{2}$'),
    CONSTRAINT a_chassis_number_has_17_characters CHECK (length(vin) = 17)
);
CREATE INDEX IF NOT EXISTS vehicle_by_owner ON vehicle (owner);

-- How far seeding has come, and for which day the population was made.
CREATE TABLE IF NOT EXISTS seeding (
    one boolean PRIMARY KEY DEFAULT true,
    day date NOT NULL,
    next_kin integer NOT NULL,
    living integer NOT NULL,
    CONSTRAINT there_is_one_population CHECK (one)
);

-- Each register's own record of who asked, for whom, when. `known`: whether the register holds that person.
CREATE TABLE IF NOT EXISTS civil_status_access (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id uuid NOT NULL,
    client text NOT NULL,
    user_id text NOT NULL,
    issue text,
    service text NOT NULL,
    subject text NOT NULL,
    known boolean NOT NULL,
    at timestamptz NOT NULL
);
CREATE TABLE IF NOT EXISTS addresses_access (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id uuid NOT NULL,
    client text NOT NULL,
    user_id text NOT NULL,
    issue text,
    service text NOT NULL,
    subject text NOT NULL,
    known boolean NOT NULL,
    at timestamptz NOT NULL
);
CREATE TABLE IF NOT EXISTS vehicles_access (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id uuid NOT NULL,
    client text NOT NULL,
    user_id text NOT NULL,
    issue text,
    service text NOT NULL,
    subject text NOT NULL,
    known boolean NOT NULL,
    at timestamptz NOT NULL
);

CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
CREATE OR REPLACE TRIGGER civil_status_access_is_append_only
BEFORE UPDATE OR DELETE OR TRUNCATE ON civil_status_access
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER addresses_access_is_append_only
BEFORE UPDATE OR DELETE OR TRUNCATE ON addresses_access
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER vehicles_access_is_append_only
BEFORE UPDATE OR DELETE OR TRUNCATE ON vehicles_access
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
