/** The table of reasons why a mail was not sent. */
import { mailReasons, type MailReasonEntry } from '../../src/features/mail/reasons.js';
import { code, table } from './markdown.js';

export function mailReasonsTable(): Promise<string> {
  const entries: [string, MailReasonEntry][] = Object.entries(mailReasons);
  const rows = entries.map(([name, { meaning, fix, isFinal = false }]) => [
    code(name),
    meaning,
    isFinal ? 'no' : 'yes',
    fix,
  ]);
  return table(['Reason', 'Meaning', 'Retried', 'What to change'], rows);
}
