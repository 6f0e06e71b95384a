INSERT INTO customer VALUES (1, 'Ana'), (2, NULL);
INSERT INTO other VALUES ('a');
