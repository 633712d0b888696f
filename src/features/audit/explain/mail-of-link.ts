/** Which mail an opened link was in. */
import { clock } from './clock.js';
import { timeOf, type EventRow, type Facts } from './facts.js';

/** @returns the empty text for an event that does not name its mail, or one of a mail of which nothing is left */
export function mailOfLink(opened: EventRow, { mails, events }: Facts): string {
  const id = opened.details?.mailId;
  if (typeof id !== 'string') return '';
  const mail = mails.find((one) => one.id === id);
  // The outbox forgets mails before the trail does.
  const sending = events.find(
    ({ kind, outcome, details }) =>
      kind === 'mail' && outcome === 'success' && details?.mailId === id,
  );
  const sentAt = mail?.sentAt ?? (sending && timeOf(sending));
  if (sentAt !== undefined) return `the mail sent at ${when(sentAt, opened)}`;
  return mail === undefined ? '' : `the mail written at ${when(mail.createdAt, opened)}`;
}

/** With the day if the link was opened on another one. */
function when(date: Date, opened: EventRow): string {
  const day = date.toISOString().slice(0, 10);
  const isSameDay = timeOf(opened).toISOString().startsWith(day);
  return isSameDay ? clock(date) : `${day} ${clock(date)}`;
}
