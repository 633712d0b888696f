/** SPF (RFC 7208): which servers may send for the domain of the envelope's sender. */
import type { LookupTxt } from '../dns-client.js';
import { fail, ok, warn, type FindingStream } from '../finding.js';
import { sanitizeForTerminal } from '../untrusted-text.js';

/** RFC 7208 4.6.4. Only those of the record itself are counted here, so this is a lower bound. */
const maximumLookups = 10;

const impact = 'Mail servers treat mails of the domain as spam, or refuse them.';
const record = 'v=spf1 include:<the name that your mail provider gives> ~all';

export async function* checkSpf(lookupTxt: LookupTxt, domain: string): FindingStream {
  const records = await spfRecords(lookupTxt, domain);
  const [found] = records;
  if (found === undefined) {
    // Resend and others use a subdomain as the envelope's sender.
    const isOnSubdomain = (await spfRecords(lookupTxt, `send.${domain}`)).length > 0;
    yield isOnSubdomain
      ? ok('SPF', `send.${domain}, the envelope sender of some mail providers, has an SPF record`)
      : warn('SPF_MISSING', {
          message: `${domain} has no SPF record`,
          impact,
          fix: `add a TXT record to ${domain}: ${record}`,
        });
    return;
  }
  if (records.length > 1) {
    yield fail('SPF_DUPLICATE', {
      message: `${domain} has ${records.length} SPF records, and is valid with one only`,
      impact,
      fix: 'merge them into one TXT record that begins with v=spf1',
    });
    return;
  }
  const terms = found.toLowerCase().split(/ +/).slice(1);
  const lookups = terms.filter((term) =>
    /^[+?~-]?(?:include:|a(?:[:/]|$)|mx(?:[:/]|$)|ptr(?::|$)|exists:)|^redirect=/.test(term),
  ).length;
  const all = terms.find((term) => /^[+?~-]?all$/.test(term));
  if (lookups > maximumLookups) {
    yield fail('SPF_TOO_MANY_LOOKUPS', {
      message: `the SPF record of ${domain} needs ${lookups} lookups, and ${maximumLookups} are allowed`,
      impact,
      fix: 'remove the include: of services that do not send mails any more',
    });
  } else if (all === 'all' || all === '+all') {
    yield fail('SPF_ALLOWS_ALL', {
      message: `the SPF record of ${domain} allows every server on the internet (${all})`,
      impact: 'Anyone can send mails in the name of the domain.',
      fix: `end the record with ~all: ${sanitizeForTerminal(found.replace(/\+?all/i, '~all'))}`,
    });
  } else if (all === '?all' || (all === undefined && !terms.some(isRedirect))) {
    yield warn('SPF_NEUTRAL', {
      message: `the SPF record of ${domain} says nothing about other servers`,
      impact: 'Mails that others send in the name of the domain are not recognized by SPF.',
      fix: 'end the record with ~all',
    });
  } else {
    yield ok('SPF', `${domain} has an SPF record`);
  }
}

const isRedirect = (term: string) => term.startsWith('redirect=');

async function spfRecords(lookupTxt: LookupTxt, domain: string): Promise<readonly string[]> {
  return (await lookupTxt(domain)).filter((text) => /^v=spf1(?: |$)/i.test(text));
}
