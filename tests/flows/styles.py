"""Master changelogs as people write them, and trees of them."""

FIRST = """databaseChangeLog:
- changeSet:
    id: "1"
    author: "first"
    changes:
    - createTable:
        tableName: person
        columns:
        - column: {name: id, type: int, constraints: {primaryKey: true, nullable: false}}
        - column: {name: name, type: varchar(80)}
- changeSet:
    id: "2"
    author: "first"
    changes:
    - sql: {sql: "CREATE TABLE team (id INTEGER PRIMARY KEY, lead int REFERENCES person (id))", splitStatements: false}
    rollback:
    - dropTable: {tableName: team}
"""
MANY = """- changeSet:
    id: "many-%d"
    author: first
    changes:
    - sql: SELECT %d
"""


def shifted(text, by):
    head, _, rest = text.partition('\n')
    return head + '\n' + ''.join(' ' * by + line if line.strip() else line for line in rest.splitlines(True))


COMMENTS = """# The master. Do not reorder!
%YAML 1.1
---
""".replace('%YAML 1.1\n', '') + FIRST.replace('    id: "2"', "    id: '2'   # second") + """
# the end
...
"""
ANY_STYLE = """databaseChangeLog:
    -   changeSet:
            id:      'a b'
            author: "ünï <x@y.z>"
            labels: "one, two"
            changes:
                -   sql:
                        splitStatements: false
                        sql: |
                            CREATE TABLE person (id INTEGER PRIMARY KEY,
                                name text)
            rollback:
                -   sql: DROP TABLE person
    # between
    -   changeSet: {id: second, author: x, changes: [{sql: {sql: "CREATE TABLE team (id int)"}}], rollback: [{dropTable: {tableName: team}}]}
other-key:
    - kept
"""
JSON = """{
  "databaseChangeLog": [
    {
      "changeSet": {
        "id": "1",
        "author": "first",
        "changes": [
          {"createTable": {"tableName": "person", "columns": [
            {"column": {"name": "id", "type": "int", "constraints": {"primaryKey": true}}},
            {"column": {"name": "name", "type": "varchar(80)", "remarks": "\\u00e9"}}]}}
        ]
      }
    }
  ]
}
"""
ONE_LINE = ('{"databaseChangeLog": [{"changeSet": {"id": "1", "author": "f", "changes": [{"sql": {"sql": '
            '"CREATE TABLE person (id INTEGER PRIMARY KEY, name text)"}}], "rollback": [{"sql": "DROP TABLE person"}]}}]}')
XML = """<?xml version="1.0" encoding="UTF-8"?>
<databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog"
                   xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                   xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog
                       http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">

    <!-- first -->
    <changeSet id="1" author='first'>
        <createTable tableName="person">
            <column name="id" type="int"><constraints primaryKey="true"/></column>
            <column name="name" type="varchar(80)"/>
        </createTable>
    </changeSet>

    <!-- the end: </databaseChangeLog> -->
</databaseChangeLog>
<!-- behind -->
"""
SQL = """-- liquibase formatted sql

-- changeset first:1
-- comment: the first
CREATE TABLE person (id INTEGER PRIMARY KEY, name text);
-- rollback DROP TABLE person;
"""


def style(name, ending, text):
    return dict(name=name, ending=ending, text=text.encode('utf8'))


STYLES = [
    style('as Liquibase writes it', 'yaml', FIRST),
    style('by two', 'yaml', shifted(FIRST, 2)),
    style('by four, comments, another key', 'yml', ANY_STYLE),
    style('comments and the end of a document', 'yaml', COMMENTS),
    style('line ends of Windows', 'yaml', FIRST.replace('\n', '\r\n')),
    style('no line end', 'yaml', FIRST.rstrip('\n')),
    style('byte order mark', 'yaml', '\ufeff' + shifted(FIRST, 2)),
    style('brackets in YAML', 'yaml', ONE_LINE + '\n'),
    style('JSON', 'json', JSON),
    style('JSON of Windows', 'json', JSON.replace('\n', '\r\n')),
    style('JSON on a line', 'json', ONE_LINE),
    style('XML', 'xml', XML),
    style('XML of Windows', 'xml', XML.replace('\n', '\r\n')),
    style('XML on a line', 'xml', XML.replace('\n', ' ').replace('<!-- behind -->', '')),
    style('SQL', 'sql', SQL),
    style('SQL without a line end', 'sql', SQL.rstrip('\n')),
    style('SQL of Windows', 'sql', SQL.replace('\n', '\r\n')),
]

TREE = {
    'changelog.yaml': """databaseChangeLog:
- changeSet: {id: a, author: x, changes: [{sql: {sql: "CREATE TABLE person (id INTEGER PRIMARY KEY, name text)"}}]}
- include: {file: db/own.yaml}
- include:
    file: db/beside.xml
- changeSet: {id: a2, author: x, changes: [{sql: {sql: "CREATE TABLE a2 (id int)"}}]}
- includeAll:
    path: db/all
- include: {file: logical.yaml}
""",
    'db/own.yaml': """databaseChangeLog:
- include: {file: deep/er.json, relativeToChangelogFile: true}
- changeSet: {id: b, author: x, changes: [{sql: {sql: "CREATE TABLE b (id int)"}}]}
""",
    'db/deep/er.json': '{"databaseChangeLog": [{"changeSet": {"id": "a", "author": "x", "changes": '
                       '[{"sql": {"sql": "CREATE TABLE c (id int)"}}]}}]}',
    'db/beside.xml': XML.replace('tableName="person"', 'tableName="d"'),
    'db/all/0001-one.yaml': """databaseChangeLog:
- changeSet: {id: a, author: x, changes: [{sql: {sql: "CREATE TABLE e (id int)"}}]}
""",
    'db/all/0001-words.txt': 'passed over',
    'db/all/0002-two.SQL': '--liquibase formatted sql\n--changeset x:a\nCREATE TABLE f (id int);\n',
    'db/all/0000/inner.yaml': """databaseChangeLog:
- changeSet: {id: a, author: x, changes: [{sql: {sql: "CREATE TABLE g (id int)"}}]}
""",
    'logical.yaml': """databaseChangeLog:
- logicalFilePath: some/where.yaml
- changeSet: {id: a, author: x, changes: [{sql: {sql: "CREATE TABLE h (id int)"}}]}
""",
}

SET = """databaseChangeLog:
- changeSet:
    id: %s
    author: x
%s    changes:
    - sql: {sql: "CREATE TABLE t (id int)"}
    rollback: empty
"""
# (rule of lint, a changelog, the ids that Liquibase records; None: it fails)
TOLD = [
    ('name-changed', SET % ('007', ''), ['7']),
    ('null-name', SET % ('"null"', ''), None),
    ('unknown-key', SET % ('x', '    contexts: "never"\n'), ['x']),
    ('unknown-dbms', SET % ('x', '    dbms: postgres\n'), []),
    ('duplicate-id', SET % ('x', '') + SET.partition('\n')[2] % ('x', ''), None),
    ('missing-file', 'databaseChangeLog:\n- include: {file: gone.yaml}\n', None),
    ('made-twice', SET % ('x', '') + SET.partition('\n')[2] % ('y', ''), None),
]

# Change types, with what they need at least: which of them Liquibase can take back by itself?
CHANGES = {
    'createTable': '{tableName: t, columns: [{column: {name: c, type: int}}]}',
    'dropTable': '{tableName: t}',
    'renameTable': '{oldTableName: t, newTableName: u}',
    'addColumn': '{tableName: t, columns: [{column: {name: c, type: int}}]}',
    'dropColumn': '{tableName: t, columnName: c}',
    'renameColumn': '{tableName: t, oldColumnName: c, newColumnName: d, columnDataType: int}',
    'modifyDataType': '{tableName: t, columnName: c, newDataType: text}',
    'addNotNullConstraint': '{tableName: t, columnName: c, columnDataType: int}',
    'dropNotNullConstraint': '{tableName: t, columnName: c, columnDataType: int}',
    'addDefaultValue': '{tableName: t, columnName: c, defaultValue: x}',
    'dropDefaultValue': '{tableName: t, columnName: c}',
    'createIndex': '{tableName: t, indexName: i, columns: [{column: {name: c}}]}',
    'dropIndex': '{tableName: t, indexName: i}',
    'createView': '{viewName: v, selectQuery: select 1}',
    'dropView': '{viewName: v}',
    'renameView': '{oldViewName: v, newViewName: w}',
    'addPrimaryKey': '{tableName: t, columnNames: c}',
    'dropPrimaryKey': '{tableName: t}',
    'addUniqueConstraint': '{tableName: t, columnNames: c, constraintName: k}',
    'dropUniqueConstraint': '{tableName: t, constraintName: k}',
    'addForeignKeyConstraint': '{baseTableName: t, baseColumnNames: c, referencedTableName: u, '
        'referencedColumnNames: c, constraintName: k}',
    'dropForeignKeyConstraint': '{baseTableName: t, constraintName: k}',
    'createSequence': '{sequenceName: s}',
    'alterSequence': '{sequenceName: s, incrementBy: 2}',
    'dropSequence': '{sequenceName: s}',
    'renameSequence': '{oldSequenceName: s, newSequenceName: r}',
    'addLookupTable': '{existingTableName: t, existingColumnName: c, newTableName: u, '
        'newColumnName: d, newColumnDataType: int, constraintName: k}',
    'addAutoIncrement': '{tableName: t, columnName: c, columnDataType: int}',
    'setTableRemarks': '{tableName: t, remarks: x}',
    'setColumnRemarks': '{tableName: t, columnName: c, remarks: x}',
    'insert': '{tableName: t, columns: [{column: {name: c, value: x}}]}',
    'update': '{tableName: t, columns: [{column: {name: c, value: x}}]}',
    'delete': '{tableName: t}',
    'sql': '{sql: select 1}',
    'tagDatabase': '{tag: v}',
    'empty': '{}',
    'output': '{message: x}',
    'stop': '{message: x}',
    'createProcedure': '{procedureText: create procedure p, procedureName: p}',
    'dropProcedure': '{procedureName: p}',
    'mergeColumns': '{tableName: t, column1Name: a, column2Name: b, finalColumnName: c, '
        'finalColumnType: text, joinString: x}',
}
