SELECT format('ALTER DATABASE %I SET work_mem = %L', current_database(), '8MB')\gexec
SELECT format('ALTER DATABASE %I SET search_path = "$user", "odd "" schema, x", public', current_database())\gexec
SELECT format('ALTER DATABASE %I SET my.odd = %L', current_database(), E'it''s 100%')\gexec
SELECT format('ALTER DATABASE %I SET statement_timeout = 0', current_database())\gexec
SELECT format('ALTER ROLE snap_test_reader IN DATABASE %I SET search_path = app', current_database())\gexec
SELECT format('ALTER ROLE snap_test_reader IN DATABASE %I SET lock_timeout = 5', current_database())\gexec
SELECT format('COMMENT ON DATABASE %I IS %L', current_database(), 'one')\gexec
SELECT format('ALTER DATABASE %I CONNECTION LIMIT 50', current_database())\gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database())\gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO snap_test_reader', current_database())\gexec
