-- Who may do what on PostgreSQL: docs/operations.md. `tera prepare` runs this as the owner of the tables, once
-- they are there; it may run again and takes back what an earlier version granted. It needs CREATEROLE the first
-- time only.
--
-- Nobody may change a response, a key or a block. A column that is not named here is not seen.

BEGIN;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['tera_intake', 'tera_sealer', 'tera_eraser', 'tera_portal', 'tera_auditor'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', name);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL; -- somebody else made it this moment
            END;
        END IF;
    END LOOP;
END $$;

SET LOCAL search_path TO intake;
REVOKE ALL ON ALL TABLES IN SCHEMA intake, public
    FROM tera_intake, tera_sealer, tera_eraser, tera_portal, tera_auditor;
GRANT USAGE ON SCHEMA intake TO tera_intake, tera_sealer, tera_eraser, tera_portal, tera_auditor;
GRANT USAGE ON SCHEMA public TO tera_portal;

-- The intake stores what respondents say, and answers a repeat from what it stored.
GRANT INSERT ON keys, inbox, comments, redemptions TO tera_intake;
GRANT SELECT ON keys, inbox, tickets, forms, pages TO tera_intake;
GRANT SELECT (hash) ON redemptions TO tera_intake;
GRANT SELECT (campaign, commitment, salt, body) ON sealed TO tera_intake;
GRANT SELECT (campaign, is_last) ON blocks TO tera_intake;
GRANT SELECT ON batches TO tera_intake;

-- How people answered is only added up. Who adds to a number must see it; who looks at results sees none that grows.
GRANT SELECT, INSERT ON counters TO tera_intake;
GRANT UPDATE (n) ON counters TO tera_intake;
GRANT SELECT, DELETE ON counters TO tera_sealer;
GRANT INSERT ON paradata TO tera_sealer;
GRANT SELECT ON paradata TO tera_portal;

-- The sealer moves responses from the inbox into blocks.
GRANT INSERT ON sealed, blocks, claims TO tera_sealer;
GRANT SELECT, DELETE ON inbox, claims TO tera_sealer;
GRANT SELECT (campaign, is_last) ON blocks TO tera_sealer;

-- The eraser deletes what a respondent takes back; it never sees what they said.
GRANT INSERT ON erased TO tera_eraser;
GRANT DELETE ON keys, inbox, sealed TO tera_eraser;
GRANT SELECT (client_key, commitment) ON keys TO tera_eraser;
GRANT SELECT (campaign, commitment) ON inbox TO tera_eraser;
GRANT SELECT (campaign, commitment, block) ON sealed, erased TO tera_eraser;
GRANT SELECT (campaign, commitments) ON claims TO tera_eraser;
GRANT SELECT (campaign) ON blocks TO tera_eraser;
GRANT SELECT (campaign) ON forms TO tera_eraser;

-- The portal shows blocks, counts and where a receipt is; it publishes forms. Of responses it sees the names only.
GRANT SELECT ON blocks, erased TO tera_portal;
GRANT SELECT (campaign, commitment) ON inbox TO tera_portal;
GRANT SELECT (campaign, commitment, block) ON sealed TO tera_portal;
GRANT SELECT (campaign, commitments) ON claims TO tera_portal;
GRANT SELECT, INSERT, DELETE ON forms, pages TO tera_portal;
GRANT INSERT ON tickets, batches TO tera_portal;
GRANT SELECT (batch, campaign, week) ON redemptions TO tera_portal;
-- What people wrote is shown after the last block, and masked; no id of a comment leads to a response.
GRANT SELECT ON comments TO tera_portal;

-- The auditor counts again.
GRANT SELECT ON sealed, inbox, claims, erased, blocks, tickets TO tera_auditor;

-- The portal's own tables are Django's. What the ledger said gets its place; neither it nor the
-- audit trail is changed or taken back.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO tera_portal;
DO $$
BEGIN
    IF to_regclass('public.ledger_statement') IS NOT NULL THEN
        REVOKE UPDATE, DELETE ON public.ledger_statement FROM tera_portal;
        GRANT UPDATE (place) ON public.ledger_statement TO tera_portal;
    END IF;
    IF to_regclass('public.ledger_event') IS NOT NULL THEN
        REVOKE UPDATE, DELETE ON public.ledger_event FROM tera_portal;
    END IF;
END $$;

COMMIT;
