/** Each test that docs/security.md names for a row of OWASP's ASVS exists. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const text = await readFile('docs/security.md', 'utf8');
const rows = text.split('\n').filter((line) => /^\| \d+\.\d+\.\d+ /.test(line));
const held = rows.flatMap((row) =>
  [...row.matchAll(/\[([^\]]+)\]\(\.\.\/((?:clients\/\w+\/)?tests\/[^)]+)\)/g)].map(
    ([, title, file]) => ({ title: String(title), file: String(file) }),
  ),
);

test('the table has all rows of chapters 6 and 7 at levels 1 and 2', () => {
  const sections: Record<string, number> = {
    '7.1': 3,
    '7.2': 4,
    '7.3': 2,
    '7.4': 5,
    '7.5': 2,
    '7.6': 2,
  };
  Object.assign(sections, {
    '6.1': 3,
    '6.2': 11,
    '6.5': 5,
    '6.6': 3,
    '6.8': 3,
    '6.3': 3,
    '6.4': 4,
  });
  const ids = rows.map((row) => row.split('|')[1]?.trim());
  for (const [section, count] of Object.entries(sections)) {
    for (let row = 1; row <= count; row += 1) expect(ids).toContain(`${section}.${row}`);
  }
  expect(new Set(ids).size).toBe(ids.length);
});

test.each(held)('$file has the test "$title"', async ({ title, file }) => {
  expect(await readFile(file, 'utf8')).toContain(title);
});
