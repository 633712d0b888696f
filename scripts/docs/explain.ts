/** The tables of docs/explain.md: the stories that the tests make, and the diagnoses. */
import { diagnoses } from '../../src/features/audit/explain/diagnoses.js';
import { stories } from '../../tests/features/audit/explain/stories.js';
import { code, table } from './markdown.js';

export function storiesTable(): Promise<string> {
  return table(
    ['What happened', 'Diagnosis'],
    Object.entries(stories).map(([title, [diagnosis]]) => [title, code(diagnosis)]),
  );
}

export function diagnosesTable(): Promise<string> {
  return table(
    ['Diagnosis', 'Meaning', 'What to do'],
    Object.entries(diagnoses).map(([name, { meaning, fix }]) => [code(name), meaning, fix]),
  );
}
