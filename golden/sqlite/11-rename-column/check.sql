SELECT email = 'a@example.org' FROM client;
SELECT remark = 'a note' FROM orders WHERE id = 1;
SELECT kind = 'note' FROM noted;
SELECT dflt_value = '''note''' FROM pragma_table_info('orders') WHERE name = 'remark';
