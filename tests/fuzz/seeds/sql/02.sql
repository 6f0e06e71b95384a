CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL, born VARCHAR(10), left_on DATE);
CREATE VIEW adult AS SELECT id, name FROM person WHERE born < '2008';
CREATE VIEW adult_names AS SELECT name FROM adult ORDER BY name;
CREATE VIEW birthday AS SELECT id, substr(born, 6) AS day, left_on FROM person;
CREATE TRIGGER adult_gone INSTEAD OF DELETE ON adult
BEGIN
  DELETE FROM person WHERE id = OLD.id;
END;
CREATE TRIGGER birthday_moved INSTEAD OF UPDATE ON birthday
BEGIN
  UPDATE person SET born = substr(born, 1, 5) || NEW.day WHERE id = NEW.id;
END;
