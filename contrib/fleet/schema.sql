-- schema.sql - the events of many mail servers in one PostgreSQL (13 or newer). See README in this folder.
--
--     createdb smtp_explain && psql -d smtp_explain -v ON_ERROR_STOP=1 -f schema.sql -f views.sql
--
-- Everything may be run again: nothing that is there is lost.

CREATE SCHEMA IF NOT EXISTS smtp_explain;
SET search_path = smtp_explain;

-- One row for each failed or delayed recipient of each report, however many copies of the report were seen and on however many hosts: "id" is equal on all of them.
-- The columns are the keys of the log line, called as there; what the line has beyond them is in "more".
CREATE TABLE IF NOT EXISTS event (
	id		text NOT NULL,
	day		date NOT NULL,			-- of "time", in UTC: what the table is divided by
	time		timestamptz NOT NULL,		-- when the first copy was logged
	host		text NOT NULL,			-- that logged it
	queue_id	text,
	kind		text,
	recipient	text,				-- "to" of the line
	orig_to		text,
	sender		text,
	code		text,
	dsn		text,
	class		text,
	reason		text,
	owner		text,
	provider	text,
	rule		text,
	confidence	text,
	origin		text,
	remote		text,
	reporter	text,
	annotated	text,
	diagnostic	text,
	copies		integer NOT NULL DEFAULT 1,	-- how often the event was logged
	more		jsonb,
	PRIMARY KEY (id, day)
) PARTITION BY RANGE (day);
CREATE INDEX IF NOT EXISTS event_time ON event (time);
CREATE INDEX IF NOT EXISTS event_reason ON event (reason, time);

-- Days for which nobody has made a partition: nothing is lost, and make_partitions() tidies up.
CREATE TABLE IF NOT EXISTS event_unplanned PARTITION OF event DEFAULT;

-- Objects that are no event (no id), and whatever could not be read: kept as they came, for a person to look at.
CREATE TABLE IF NOT EXISTS notice (
	time		timestamptz NOT NULL,
	host		text NOT NULL,
	line		text NOT NULL
);

-- Makes the partitions from days_back days ago until days_ahead days from now that are not there yet. Call it daily.
CREATE OR REPLACE FUNCTION make_partitions(days_back integer DEFAULT 1, days_ahead integer DEFAULT 7) RETURNS integer
LANGUAGE plpgsql SET search_path = smtp_explain AS $$
DECLARE
	wanted	date;
	name	text;
	made	integer := 0;
BEGIN
	FOR wanted IN SELECT (now() AT TIME ZONE 'UTC')::date + n FROM generate_series(-days_back, days_ahead) AS n LOOP
		name := 'event_' || to_char(wanted, 'YYYYMMDD');
		CONTINUE WHEN to_regclass(quote_ident(name)) IS NOT NULL;
		-- Rows that came before their partition move into it.
		EXECUTE format('CREATE TABLE %I (LIKE event INCLUDING ALL)', name);
		EXECUTE format('WITH moved AS (DELETE FROM event_unplanned WHERE day = %L RETURNING *) INSERT INTO %I SELECT * FROM moved', wanted, name);
		EXECUTE format('ALTER TABLE event ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, wanted, wanted + 1);
		made := made + 1;
	END LOOP;
	RETURN made;
END $$;

-- Drops whole days older than keep_days: addresses of people are in them. Call it daily. Returns how many days went.
CREATE OR REPLACE FUNCTION drop_partitions(keep_days integer) RETURNS integer
LANGUAGE plpgsql SET search_path = smtp_explain AS $$
DECLARE
	name	text;
	oldest	date := (now() AT TIME ZONE 'UTC')::date - keep_days;
	dropped	integer := 0;
BEGIN
	FOR name IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
		    WHERE i.inhparent = 'event'::regclass AND c.relname ~ '^event_[0-9]{8}$' LOOP
		CONTINUE WHEN to_date(right(name, 8), 'YYYYMMDD') >= oldest;
		EXECUTE format('DROP TABLE %I', name);
		dropped := dropped + 1;
	END LOOP;
	DELETE FROM event_unplanned WHERE day < oldest;
	DELETE FROM notice WHERE time < oldest;
	RETURN dropped;
END $$;

-- Takes one log line with "format = json". Never raises an error for what a line says: rsyslog would try the same line again for ever, and the ones behind it wait.
-- A copy of an event that was seen today, yesterday or tomorrow (clocks differ) counts as a copy. Returns true where the event is new.
CREATE OR REPLACE FUNCTION add(logged timestamptz, logging_host text, line text) RETURNS boolean
LANGUAGE plpgsql SET search_path = smtp_explain AS $$
DECLARE
	o	jsonb;
	on_day	date := (logged AT TIME ZONE 'UTC')::date;
	taken	integer;
	known	text[] := ARRAY['id', 'queue_id', 'kind', 'to', 'orig_to', 'sender', 'code', 'dsn', 'class', 'reason', 'owner', 'provider', 'rule', 'confidence', 'origin',
				'remote', 'reporter', 'annotated', 'diagnostic'];
BEGIN
	BEGIN
		o := line::jsonb;
		IF coalesce(o->>'id', '') = '' THEN
			INSERT INTO notice VALUES (logged, logging_host, line);
			RETURN false;
		END IF;
	EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
		INSERT INTO notice VALUES (logged, logging_host, line);
		RETURN false;
	END;
	UPDATE event SET copies = copies + 1, time = least(time, logged) WHERE id = o->>'id' AND day IN (on_day - 1, on_day, on_day + 1);
	IF FOUND THEN
		RETURN false;
	END IF;
	INSERT INTO event AS e (id, day, time, host, queue_id, kind, recipient, orig_to, sender, code, dsn, class, reason, owner, provider, rule, confidence, origin, remote,
				reporter, annotated, diagnostic, more)
	VALUES (o->>'id', on_day, logged, logging_host, o->>'queue_id', o->>'kind', o->>'to', o->>'orig_to', o->>'sender', o->>'code', o->>'dsn', o->>'class', o->>'reason',
		o->>'owner', o->>'provider', o->>'rule', o->>'confidence', o->>'origin', o->>'remote', o->>'reporter', o->>'annotated', o->>'diagnostic', o - known)
	ON CONFLICT (id, day) DO UPDATE SET copies = e.copies + 1
	RETURNING copies INTO taken;
	RETURN taken = 1;
END $$;

SELECT make_partitions();
