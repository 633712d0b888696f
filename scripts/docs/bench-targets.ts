/** The table of what `npm run bench` measures and has to reach. */
import { aims, say, type Aim } from '../../bench/aims.js';
import { table } from './markdown.js';

export function benchTargetsTable(): Promise<string> {
  const rows = Object.values<Aim>(aims).flatMap(({ title, unit, aim }) =>
    aim === undefined ? [] : [[title, `${say(aim)} ${unit}`]],
  );
  return table(['Measure', 'Target'], rows);
}
