/** Tables of the console, which scroll in a region of their own on a narrow screen. */
import { markup, type Html } from './html.js';

export type Row = Readonly<Record<string, unknown>>;

/** A cell: dates in UTC, and lists, as text. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return `${value.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.map(shown).join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return JSON.stringify(value);
}

/**
 * @param label of the region, which scrolls
 * @param columns title → the row's field
 * @param action a last column, such as a form
 */
export function table(
  label: string,
  rows: readonly Row[],
  columns: Readonly<Record<string, string>>,
  none: string,
  action?: (row: Row) => Html,
): Html {
  if (rows.length === 0) return markup`<p>${none}</p>`;
  const titles = Object.keys(columns).map((title) => markup`<th scope="col">${title}</th>`);
  const body = rows.map(
    (row) =>
      markup`<tr>
        ${Object.values(columns).map((field) => markup`<td><bdi>${shown(row[field])}</bdi></td>`)}
        ${action === undefined ? '' : markup`<td>${action(row)}</td>`}
      </tr>`,
  );
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="${label}">
    <table>
      <thead>
        <tr>
          ${titles}${action === undefined ? '' : markup`<th scope="col">Action</th>`}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
}
