-- views.sql - the numbers of "smtp-explain report", from the events of all mail servers. See README in this folder.
--
-- The lists and their names are those of its JSON; hours and days are those of the session's TimeZone. Each list adds up to the events; NULL stands for events that do not say.
--     SELECT * FROM smtp_explain.report_totals;
--     SELECT name, count FROM smtp_explain.report_between(now() - interval '7 days', now()) WHERE list = 'reason' ORDER BY count DESC LIMIT 10;

CREATE SCHEMA IF NOT EXISTS smtp_explain;
SET search_path = smtp_explain;

-- What follows the last @, in lower case; of an address that the privacy setting left nothing of, NULL.
CREATE OR REPLACE FUNCTION domain_of(address text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
	$$ SELECT lower(substring(address FROM '@([^@]*)$')) $$;

-- The events between two times with the values of every list that the report has.
CREATE OR REPLACE FUNCTION report_between(since timestamptz DEFAULT '-infinity', until timestamptz DEFAULT 'infinity')
RETURNS TABLE (list text, name text, count bigint) LANGUAGE sql STABLE SET search_path = smtp_explain AS $$
	SELECT v.list, v.name, count(*)
	FROM event AS e
	CROSS JOIN LATERAL (VALUES
		('reason', e.reason), ('owner', e.owner), ('class', e.class), ('origin', e.origin), ('provider', e.provider),
		('domain', coalesce(e.more->>'domain', domain_of(e.recipient))), ('sender_domain', coalesce(e.more->>'sender_domain', domain_of(e.sender))),
		('sender', e.sender), ('code', e.code), ('dsn', e.dsn), ('remote', lower(e.remote)), ('reporter', lower(e.reporter)), ('host', lower(e.host)), ('rule', e.rule)
	) AS v (list, name)
	WHERE e.time >= since AND e.time < until
		-- whole days that cannot hold such events are not even opened
		AND (since = '-infinity' OR e.day >= (since AT TIME ZONE 'UTC')::date) AND (until = 'infinity' OR e.day <= (until AT TIME ZONE 'UTC')::date)
	GROUP BY v.list, v.name
$$;

CREATE OR REPLACE VIEW report_lists AS SELECT * FROM report_between();

CREATE OR REPLACE VIEW report_totals AS
	SELECT count(*) AS events,
		count(*) FILTER (WHERE kind IS DISTINCT FROM 'delay') AS failed,
		count(*) FILTER (WHERE kind = 'delay') AS delayed,
		count(*) FILTER (WHERE rule IS NULL OR rule ~ '^(dsn|code|digits|class)\.' OR reason = 'unspecified') AS unknown,
		coalesce(sum(copies - 1), 0) AS duplicates,
		min(time) AS first, max(time) AS last
	FROM event;

CREATE OR REPLACE VIEW report_hours AS
	SELECT date_trunc('hour', time) AS hour, count(*) FILTER (WHERE kind IS DISTINCT FROM 'delay') AS failed, count(*) FILTER (WHERE kind = 'delay') AS delayed
	FROM event GROUP BY 1;

CREATE OR REPLACE VIEW report_days AS
	SELECT date_trunc('day', time) AS day, count(*) FILTER (WHERE kind IS DISTINCT FROM 'delay') AS failed, count(*) FILTER (WHERE kind = 'delay') AS delayed
	FROM event GROUP BY 1;

-- What is being waited for, and why.
CREATE OR REPLACE VIEW report_waiting AS
	SELECT coalesce(lower(remote), domain_of(recipient)) || ': ' || reason AS name, count(*) AS count FROM event WHERE kind = 'delay' GROUP BY 1;

-- Replies that only their number explained, for whoever writes catalogue entries; smtp-explain unknown masks addresses and ids in them.
CREATE OR REPLACE VIEW report_unknown AS
	SELECT diagnostic, count(*) AS count, min(time) AS first, max(time) AS last, array_agg(DISTINCT remote) AS remotes
	FROM event WHERE rule IS NULL OR rule ~ '^(dsn|code|digits|class)\.' OR reason = 'unspecified' GROUP BY 1;
