/** The table of what `npm run bench` measures and has to reach. */
import { targets, formatBound, type Target } from '../../bench/targets.js';
import { table } from './markdown.js';

export function benchTargetsTable(): Promise<string> {
  const rows = Object.values<Target>(targets).flatMap(({ title, unit, target }) =>
    target === undefined ? [] : [[title, `${formatBound(target)} ${unit}`]],
  );
  return table(['Measure', 'Target'], rows);
}
