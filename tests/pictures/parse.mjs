// Reads diagrams with the real parsers of Mermaid and DBML; one line of JSON for each file: what was
// understood, or why not. usage: parse.mjs FILE...   (.mmd, .md: each ```mermaid block; .dbml)
import fs from 'fs';
import { createRequire } from 'module';
import path from 'path';
import { pathToFileURL } from 'url';

const require = createRequire(path.join(process.env.SNAP_NODE_MODULES, 'x.js'));
const load = async name => import(pathToFileURL(require.resolve(name)));
let mermaid = null;
let Dbml = null;

async function readMermaid(text) {
    if (!mermaid) {
        const { JSDOM } = await load('jsdom');
        const dom = new JSDOM('');
        globalThis.window = dom.window;
        globalThis.document = dom.window.document;
        const folder = path.dirname(require.resolve('mermaid'));
        mermaid = (await import(pathToFileURL(path.join(folder, 'mermaid.core.mjs')))).default;
    }
    await mermaid.parse(text);
    const db = (await mermaid.mermaidAPI.getDiagramFromText(text)).db;
    // a text is kept with its #NN; in a form of its own, which the renderer turns back
    const plain = s => (s || '').replace(/ﬂ°°(\d+)¶ß/g, (_, n) => String.fromCharCode(n));
    return {
        tables: [...db.entities.values()].map(e => ({
            name: plain(e.alias), classes: e.cssClasses,
            columns: e.attributes.map(a => [a.type, a.name, (a.keys || []).join(), plain(a.comment)])
        })),
        links: db.relationships.map(r => plain(r.roleA))
    };
}

async function readDbml(text) {
    Dbml = Dbml || (await load('@dbml/core'));
    const db = new Dbml.Parser().parse(text, 'dbmlv2');
    return {
        tables: db.schemas.flatMap(s => s.tables.map(t => ({
            name: (s.name === 'public' ? '' : s.name + '.') + t.name,
            columns: t.fields.map(f => [f.name, f.type.type_name, !!f.pk, !!f.not_null, f.note || '']),
            indexes: t.indexes.length
        }))),
        links: db.schemas.flatMap(s => s.refs.map(r => r.endpoints.map(e => e.tableName).join(' ')))
    };
}

for (const file of process.argv.slice(2)) {
    const text = fs.readFileSync(file, 'utf8');
    const blocks = file.endsWith('.md') ? [...text.matchAll(/^```mermaid\n([^]*?)^```$/gm)].map(m => m[1]) : [text];
    for (const block of blocks) {
        try {
            const read = file.endsWith('.dbml') ? await readDbml(block) : await readMermaid(block);
            console.log(JSON.stringify({ file, ...read }));
        } catch (e) {
            console.log(JSON.stringify({ file, error: e.diags ? e.diags.map(d => d.message).join('; ') : String(e.message) }));
        }
    }
}
