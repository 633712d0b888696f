/** The table of reasons why a flow of a feature failed, such as sending a mail. */
import { code, table } from './markdown.js';

export interface FlowReason {
  readonly meaning: string;
  readonly fix: string;
  /** Another attempt would end the same way. Only for flows that are retried automatically. */
  readonly isFinal?: boolean;
}

/** @param reasons in the order of the table; the column "Retried" is there if any of them is final */
export function flowReasonsTable(reasons: Readonly<Record<string, FlowReason>>): Promise<string> {
  const isRetried = Object.values(reasons).some(({ isFinal }) => isFinal);
  const rows = Object.entries(reasons).map(([name, { meaning, fix, isFinal = false }]) => [
    code(name),
    meaning,
    ...(isRetried ? [isFinal ? 'no' : 'yes'] : []),
    fix,
  ]);
  return table(['Reason', 'Meaning', ...(isRetried ? ['Retried'] : []), 'What to change'], rows);
}
