-- A register's own record of who asked, about whom, why, for whom and when; run once for each register's table.
-- `known`: whether the register holds that person. `request_hash`: what X-Road-Request-Hash repeated. `signature`: the
-- client's own on its question, as it came.
CREATE TABLE IF NOT EXISTS {table} (
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
ALTER TABLE {table} ADD COLUMN IF NOT EXISTS represented_party text;
ALTER TABLE {table} ADD COLUMN IF NOT EXISTS request_hash text;
ALTER TABLE {table} ADD COLUMN IF NOT EXISTS signature text;
CREATE INDEX IF NOT EXISTS {table}_by_subject ON {table} (subject, id);
CREATE OR REPLACE TRIGGER {table}_is_append_only
BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
