SELECT format('ALTER DATABASE %I SET work_mem = %L', current_database(), '16MB')\gexec
SELECT format('ALTER DATABASE %I SET search_path = %L', current_database(), '')\gexec
SELECT format('ALTER DATABASE %I SET my.odd = %L', current_database(), E'a\n\x1b"$snap$')\gexec
SELECT format('ALTER DATABASE %I SET "DateStyle" = %L', current_database(), 'ISO, DMY')\gexec
SELECT format('ALTER ROLE snap_test_reader IN DATABASE %I SET search_path = app, public', current_database())\gexec
SELECT format('ALTER ROLE snap_test_writer IN DATABASE %I SET lock_timeout = 6', current_database())\gexec
SELECT format('COMMENT ON DATABASE %I IS %L', current_database(), E'it''s \n two')\gexec
SELECT format('ALTER DATABASE %I CONNECTION LIMIT 60', current_database())\gexec
SELECT format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database())\gexec
SELECT format('REVOKE CREATE ON DATABASE %I FROM CURRENT_USER', current_database())\gexec
SELECT format('GRANT CREATE, CONNECT ON DATABASE %I TO snap_test_writer WITH GRANT OPTION', current_database())\gexec
