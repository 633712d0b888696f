/**
 * Lets the deployment send one real mail, by a public flow: a password reset, which a response does not reveal the result
 * of. Whether the mail was sent is in the deployment's own report, if its token is set.
 */
import { readDiagnostics, type Diagnostics } from '../diagnostics.js';
import type { DoctorContext } from '../doctor-context.js';
import { fail, ok, unknown, type Finding, type FindingStream } from '../finding.js';
import { mailReasons } from '../service.js';
import { sanitizeForTerminal } from '../untrusted-text.js';
import { isMailReason } from './outbox.js';
import { errorCodeOf, unexpectedResponse } from './unexpected-response.js';

/** An attempt takes 20 seconds at most, and the report is cached for three. */
const maximumPolls = 12;
const pollSeconds = 2;

type ReportedMail = NonNullable<Diagnostics['mail']>['recent'][number];

/** @param origin of a page that the deployment trusts */
export async function* checkMailProbe(
  context: DoctorContext,
  address: string,
  origin: string,
): FindingStream {
  const { authUrl, request, diagnosticsToken } = context;
  const features = await request(`${authUrl}/api/auth/features`);
  const unexpected = unexpectedResponse(`${authUrl}/api/auth/features`, features);
  if (unexpected !== undefined) {
    yield unexpected;
    return;
  }
  if (!hasPasswordReset(features.json)) {
    yield fail('MAIL_OFF', {
      message: 'the deployment sends no mail: it offers no password reset',
      impact: 'A visitor who forgets the password cannot sign in any more.',
      fix: 'set MAIL_FROM and one of SMTP_URL, RESEND_API_KEY and MAIL_WEBHOOK_URL, and redeploy',
    });
    return;
  }
  const response = await request(`${authUrl}/api/auth/request-password-reset`, {
    method: 'POST',
    headers: { origin },
    body: { email: address },
  });
  if (response.status !== 200) {
    const message = `request-password-reset responds ${response.status} (${errorCodeOf(response)})`;
    yield response.status === 429
      ? unknown('MAIL_PROBE_LIMITED', { message, fix: 'wait a minute and rerun' })
      : fail('MAIL_REQUEST_FAILED', {
          message,
          impact: 'No visitor can request a new password.',
          fix: "the service's log names the cause",
        });
    return;
  }
  const requestId = response.headers['x-request-id'];
  if (diagnosticsToken === undefined || typeof requestId !== 'string') {
    yield unknown('MAIL_RESULT_UNKNOWN', {
      message: `a password reset for ${address} was accepted; the response is the same whether a mail is sent or not`,
      fix: "look into the mailbox (the address needs an account), or set DIAGNOSTICS_TOKEN in this command's environment to learn the result",
    });
    return;
  }
  yield await findResult(context, address, requestId);
}

function hasPasswordReset(json: Readonly<Record<string, unknown>> | undefined): boolean {
  const { features } = json ?? {};
  return typeof features === 'object' && features !== null && 'passwordReset' in features;
}

async function findResult(
  context: DoctorContext,
  address: string,
  requestId: string,
): Promise<Finding> {
  let mail: ReportedMail | undefined;
  for (let poll = 1; poll <= maximumPolls; poll += 1) {
    const result = await readDiagnostics(context, context.authUrl);
    if ('finding' in result) return result.finding;
    mail = result.report.mail?.recent.find((each) => each.requestId === requestId);
    const finding = mail && describeResult(mail, address);
    if (finding !== undefined) return finding;
    if (poll < maximumPolls) await context.wait(pollSeconds, 'the mail is being sent');
  }
  return mail === undefined
    ? unknown('MAIL_NOT_REPORTED', {
        message: `a password reset for ${address} was accepted, but the deployment's report does not list its mail`,
        fix: "search the service's log for the request, and use this command in the deployment's version",
      })
    : unknown('MAIL_PENDING', {
        message: `the mail to ${address} was still being sent after ${maximumPolls * pollSeconds} s`,
        fix: "rerun, or search the service's log for mailId",
      });
}

/** @returns undefined while the first attempt has not ended */
function describeResult({ state, reason }: ReportedMail, address: string): Finding | undefined {
  if (state === 'sent') {
    return ok(
      'MAIL_SENT',
      `the transport accepted the mail to ${address}; the mailbox shows whether it arrives, or its spam folder`,
    );
  }
  if (state === 'decoy') {
    return unknown('MAIL_WITHOUT_ACCOUNT', {
      message: `no mail was sent: ${address} has no account here`,
      fix: 'sign up with the address first, or give the address of an account',
    });
  }
  if (reason === null) return undefined;
  if (reason === 'limited') {
    return unknown('MAIL_PROBE_LIMITED', {
      message: `no mail was sent: ${address} or this network has asked for too many`,
      fix: 'wait ten minutes and rerun',
    });
  }
  const { meaning, fix } = isMailReason(reason)
    ? mailReasons[reason]
    : { meaning: 'unknown to this version', fix: "use this command in the deployment's version" };
  const outcome = state === 'pending' ? 'was not sent yet' : 'was not sent';
  return fail('MAIL_NOT_SENT', {
    message: `the mail to ${address} ${outcome}: ${sanitizeForTerminal(reason)}`,
    impact: `Meaning: ${meaning}.`,
    fix,
  });
}
