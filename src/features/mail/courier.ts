/** Sends what the outbox holds: claims, renders, hands to the transport, records the result. */
import type { MailRun, MailWorker } from '../../mailer.js';
import { createOutboxRuns } from '../../outbox-runs.js';
import { traceWork } from '../../traced-work.js';
import type { MailerServices } from '../slots.js';
import type { MailSettings } from './feature.js';
import { isMailAddress, maskMailAddress } from './mail-address.js';
import { MailFailure } from './mail-failure.js';
import { claimMails, endOf, readPending, type ExpiredMail, type OutboxRow } from './outbox.js';
import { isFinal, reasons as mailReasons, type MailReason } from './reasons.js';
import { createMailResults } from './mail-results.js';
import { renderMail, type RenderedMail } from './render.js';
import { retryPauseMs } from './retry-pause.js';
import type { Seal } from '../../config/seal.js';
import type { MailTemplates, WrittenMail } from './templates.js';
import type { Transport } from './transport.js';

/** Of one attempt, all steps together; shorter than a claim (outbox.ts). */
const attemptMs = 20_000;
const atOnce = 5;
/** Expired mails in one statement. */
const expiredAtOnce = 1_000;
const verifyMs = 5_000;
const verifiedForMs = 60_000;

export interface CourierDependencies {
  readonly settings: MailSettings;
  readonly services: MailerServices;
  readonly templates: MailTemplates;
  readonly seal: Seal;
  readonly decoySeal: Seal;
  readonly load: (settings: MailSettings) => Promise<Transport>;
}

export const counterName = 'auth_mails_total';

interface Opened {
  readonly to: string;
  readonly mail: RenderedMail & { readonly language: string };
}

export function createCourier({
  settings,
  services,
  templates,
  seal,
  decoySeal,
  load,
}: CourierDependencies): Pick<
  MailWorker,
  'sendDue' | 'verify' | 'dueAt' | 'oldestPendingAt' | 'close'
> {
  const { database, logger, now, count } = services;
  const { orm } = database;
  const results = createMailResults(services);
  let loading: Promise<Transport> | undefined;
  let oldestPendingAt: number | undefined;
  const transport = () => (loading ??= load(settings));

  /** @throws MailFailure */
  function open({ id, template, payload, state }: OutboxRow): Opened {
    const sealed = state === 'decoy' ? decoySeal : seal;
    const text = payload === null ? undefined : sealed.decrypt(payload, id);
    if (text === undefined) throw new MailFailure('undecryptable');
    const { to, language, data } = JSON.parse(text) as {
      to: string;
      language?: string;
      data: Record<string, string>;
    };
    if (!isMailAddress(to)) throw new MailFailure('recipient_refused');
    let written: WrittenMail;
    try {
      written = templates.write(template, data, language);
    } catch (cause) {
      throw new MailFailure('template', { cause });
    }
    return { to, mail: { ...renderMail(written, settings.brand), language: written.language } };
  }

  async function attempt(row: OutboxRow): Promise<keyof MailRun | 'rehearsed'> {
    const { id: mailId, template, requestId, state, attempts } = row;
    const isDecoy = state === 'decoy';
    const startedAt = performance.now();
    const fields = { mailId, template, requestId, attempts };
    let address: string | undefined;
    let to: string | undefined;
    try {
      const opened = open(row);
      address = opened.to;
      to = maskMailAddress(address);
      const outgoing = { id: mailId, template, to: opened.to, ...opened.mail };
      if (isDecoy) await (await transport()).rehearse?.(outgoing);
      else {
        await traceWork('send mail', { 'auth.mail.template': template }, async () =>
          (await transport()).send(outgoing, AbortSignal.timeout(attemptMs)),
        );
      }
    } catch (error) {
      // Nobody waits for a decoy: it is no failure, and not tried again.
      if (!isDecoy) return recordFailure(row, address, error, { ...fields, to });
    }
    const durationMs = Math.round(performance.now() - startedAt);
    try {
      await results.sent(row, address, isDecoy ? 'decoy' : 'sent');
    } finally {
      // Also if that was not recorded: the mail is on its way, and will be sent again.
      if (!isDecoy) {
        count(counterName, 'sent');
        logger.info({ ...fields, to, durationMs }, 'mail sent');
      }
    }
    return isDecoy ? 'rehearsed' : 'sent';
  }

  async function recordFailure(
    row: OutboxRow,
    address: string | undefined,
    error: unknown,
    fields: Readonly<Record<string, unknown>>,
  ): Promise<keyof MailRun> {
    const failure = error instanceof MailFailure ? error : undefined;
    const reason = failure?.reason ?? 'internal';
    const final = isFinal(reason);
    const nextAttemptAt = final ? undefined : retryAt(row, failure?.retryAfterMs);
    await results.failed(row, address, reason, nextAttemptAt);
    report(reason, final ? 'error' : 'warn', {
      ...fields,
      nextAttemptAt,
      responseCode: failure?.responseCode,
      response: failure?.response,
      ...(reason === 'internal' && { err: error }),
    });
    return final ? 'failed' : 'delayed';
  }

  /** At the latest when the mail's time is over, so that its end is reported then. */
  function retryAt(row: OutboxRow, askedMs = 0): Date {
    const pauseMs = Math.max(retryPauseMs(row.attempts), askedMs);
    return new Date(Math.min(now().getTime() + pauseMs, endOf(row).getTime()));
  }

  function report(reason: MailReason, level: 'warn' | 'error', fields: object): void {
    const { meaning, fix } = mailReasons[reason];
    count(counterName, reason);
    const message = level === 'warn' ? 'mail not sent yet' : 'mail not sent';
    logger[level]({ ...fields, reason, hint: meaning, fix }, message);
  }

  const runs = createOutboxRuns(
    {
      none: () => ({ sent: 0, delayed: 0, failed: 0 }),
      async send(totals, hasTime) {
        let expired: ExpiredMail[];
        do {
          expired = await results.expire(expiredAtOnce);
          for (const { id: mailId, state, template, requestId, attempts } of expired) {
            if (state === 'decoy') continue;
            totals.failed += 1;
            report('expired_unsent', 'error', { mailId, template, requestId, attempts });
          }
        } while (expired.length === expiredAtOnce && hasTime());
        let claimed: OutboxRow[];
        do {
          claimed = await claimMails(orm, now(), atOnce);
          for (const result of await settled(claimed.map(attempt)))
            if (result !== 'rehearsed') totals[result] += 1;
        } while (claimed.length === atOnce && hasTime());
        const pending = await readPending(orm);
        oldestPendingAt = pending.oldestAt?.getTime();
        return pending.dueAt;
      },
      onDatabaseError(err) {
        const fix = 'nothing: mails wait in the outbox';
        logger.warn({ err, fix }, 'the outbox is unavailable');
      },
    },
    now,
  );

  let verified: { readonly at: number; readonly result: Promise<void> } | undefined;

  return {
    sendDue: runs.sendDue,
    dueAt: runs.dueAt,
    oldestPendingAt: () => oldestPendingAt,
    verify() {
      const at = now().getTime();
      if (verified === undefined || Math.abs(at - verified.at) > verifiedForMs) {
        const result = transport().then((each) => each.verify(AbortSignal.timeout(verifyMs)));
        result.catch(() => undefined); // each caller handles it
        verified = { at, result };
      }
      return verified.result;
    },
    async close() {
      await runs.ended();
      if (loading !== undefined) (await loading.catch(() => undefined))?.close();
    },
  };
}

/** As Promise.all, but it waits for all before it rejects: no attempt may outlive its run. */
async function settled<T>(work: readonly Promise<T>[]): Promise<readonly T[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
