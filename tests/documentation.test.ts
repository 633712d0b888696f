import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { operatorVariables } from '../src/config/variables.js';
import { tables, withTable, type TableName } from './support/documentation.js';

const fileOf = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
/** `UPDATE_DOCS=1 npx vitest run tests/documentation.test.ts` writes the tables instead of comparing them. */
const isUpdate = process.env.UPDATE_DOCS === '1';

test.each(Object.keys(tables) as TableName[])(
  'the README’s table of %s says what the code says',
  async (name) => {
    const readme = await readFile(fileOf('README.md'), 'utf8');
    const expected = await withTable(readme, name);
    if (isUpdate) await writeFile(fileOf('README.md'), expected);
    else expect(readme).toBe(expected);
  },
);

test('.env.example lists every variable of the service once, in order, and no other', async () => {
  const example = await readFile(fileOf('.env.example'), 'utf8');
  const listed = [...example.matchAll(/^(?:# ?)?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name);
  expect(listed).toEqual(Object.keys(operatorVariables.shape));
});

test('a table whose markers are missing or doubled is refused, not skipped', async () => {
  const markers = '<!-- errors -->\n<!-- /errors -->\n';
  await expect(withTable('no markers', 'errors')).rejects.toThrow('<!-- errors -->');
  await expect(withTable(markers + markers, 'errors')).rejects.toThrow('exactly once');
  const document = await withTable(`before\n${markers}after`, 'errors');
  expect(document).toMatch(/^before\n<!-- errors -->\n\n\| Code +\| Status +\| Message +\|\n/);
  expect(document).toMatch(/\|\n\n<!-- \/errors -->\nafter$/);
});

test('every variable of the service is explained', () => {
  for (const [name, schema] of Object.entries(operatorVariables.shape)) {
    expect(schema.description, name).toMatch(/\w{3}/);
  }
});
