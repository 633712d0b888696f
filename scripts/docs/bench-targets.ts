/** The table of the measures of `npm run bench` and their targets. */
import { targets, formatBound, type Target } from '../../bench/targets.js';
import { table } from './markdown.js';

export function benchTargetsTable(): Promise<string> {
  const rows = Object.values<Target>(targets).flatMap(({ title, unit, target, onNode24 }) => {
    if (target === undefined) return [];
    const later = onNode24?.target && `; on Node 24 ${formatBound(onNode24.target)} ${unit}`;
    return [[title, `${formatBound(target)} ${unit}${later ?? ''}`]];
  });
  return table(['Measure', 'Target'], rows);
}
