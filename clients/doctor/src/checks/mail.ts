/** Mail: what the deployment reports of its outbox, one mail on request, and the DNS records of the sender's domain. */
import type { Diagnostics } from '../diagnostics.js';
import type { DoctorContext } from '../doctor-context.js';
import { unknown, type FindingStream } from '../finding.js';
import { checkMailProbe } from './mail-probe.js';
import { checkOutbox } from './outbox.js';
import { checkSenderDomain } from './sender-domain.js';

/** @param origin of a page that the deployment trusts; undefined where none is */
export async function* checkMail(
  context: DoctorContext,
  origin: string | undefined,
  report: Diagnostics | undefined,
): FindingStream {
  const { probeMail, mailFrom } = context;
  const mail = report?.mail;
  if (mail !== undefined) yield* checkOutbox(mail);
  if (probeMail !== undefined) {
    if (origin !== undefined) yield* checkMailProbe(context, probeMail, origin);
    else {
      yield unknown('MAIL_PROBE_SKIPPED', {
        message: 'no mail was requested: none of the origins is trusted',
        fix: 'add them to BETTER_AUTH_TRUSTED_ORIGINS and rerun',
      });
    }
  }
  const domain = mailFrom ?? (probeMail === undefined ? undefined : mail?.senderDomain);
  if (domain !== undefined) yield* checkSenderDomain(context, domain);
  else if (probeMail !== undefined) {
    yield unknown('SENDER_DOMAIN_UNKNOWN', {
      message: "SPF, DKIM and DMARC were not checked: the sender's domain is unknown",
      fix: 'pass it with --mail-from, or set DIAGNOSTICS_TOKEN',
    });
  }
}
