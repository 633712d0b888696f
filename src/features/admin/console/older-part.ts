/** Below a story: what it leaves out, and where the rest is. */
import type { OlderEvents } from '../../explain.js';
import { maxStoryLines } from '../api-routes.js';
import { markup, type Html } from './html.js';

/**
 * @param path of the page that shows the story
 * @param query of that page, without what it says of the story's length
 * @param id what `npm run explain` is given
 */
export function olderPart(
  older: OlderEvents | null,
  path: string,
  query: Readonly<Record<string, string>>,
  id: string,
): Html | '' {
  if (older === null) return '';
  const { count, isAtLeast, limit, days } = older;
  const what = `${count}${isAtLeast ? ' or more' : ''} older ${count === 1 && !isAtLeast ? 'event is' : 'events are'} not shown`;
  const needed = limit ?? 0;
  if (needed <= maxStoryLines) {
    const asked = new URLSearchParams(query);
    asked.set('limit', String(maxStoryLines));
    if (days !== null) asked.set('days', String(days));
    return markup`<p>${what}. <a href="${path}?${asked.toString()}">Show them</a></p>`;
  }
  const options = [days === null ? '' : ` --days ${days}`, ` --limit ${needed}`].join('');
  return markup`<p>${what}. They are printed by <code>npm run explain -- ${id}${options}</code></p>`;
}

/** Of the page's address, for the story. */
export function storyRange(
  query: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { limit, days } = query;
  return { ...(limit !== undefined && { limit }), ...(days !== undefined && { days }) };
}
