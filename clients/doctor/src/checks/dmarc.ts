/** DMARC (RFC 7489): what mail servers do with mails of the domain that are neither authorized by SPF nor signed. */
import type { LookupTxt } from '../dns-client.js';
import { fail, ok, warn, type FindingStream } from '../finding.js';
import { siteOfHost } from '../service.js';
import { readTags } from './dns-tags.js';

const impact =
  'Mails that others send in the name of the domain arrive, and large mail providers may refuse yours.';

export async function* checkDmarc(lookupTxt: LookupTxt, domain: string): FindingStream {
  const organization = siteOfHost(domain);
  const own = await dmarcRecords(lookupTxt, domain);
  const inherited = own.length === 0 && organization !== domain;
  const records = inherited ? await dmarcRecords(lookupTxt, organization) : own;
  const name = `_dmarc.${inherited ? organization : domain}`;
  const fix = `v=DMARC1; p=quarantine; rua=mailto:dmarc@${organization}`;
  const [found] = records;
  if (found === undefined) {
    yield warn('DMARC_MISSING', {
      message: `${domain} has no DMARC record`,
      impact,
      fix: `add a TXT record to _dmarc.${organization}: ${fix}`,
    });
    return;
  }
  if (records.length > 1) {
    yield fail('DMARC_DUPLICATE', {
      message: `${name} has ${records.length} DMARC records, and none of several is valid`,
      impact,
      fix: 'remove all but one',
    });
    return;
  }
  const { p, sp, pct = '100' } = readTags(found);
  const policy = (inherited ? (sp ?? p) : p)?.toLowerCase();
  if (policy === undefined || !['none', 'quarantine', 'reject'].includes(policy)) {
    yield fail('DMARC_INVALID', {
      message: `the DMARC record at ${name} has no valid policy`,
      impact,
      fix: `replace it: ${fix}`,
    });
  } else if (policy === 'none') {
    yield warn('DMARC_NONE', {
      message: `the DMARC record at ${name} asks for nothing (p=none)`,
      impact: 'Mails that others send in the name of the domain arrive.',
      fix: `once the reports show only your own servers, change it: ${fix}`,
    });
  } else if (Number(pct) < 100) {
    yield warn('DMARC_PARTIAL', {
      message: `the DMARC record at ${name} applies to a part of the mails (pct)`,
      impact: 'The other mails that others send in the name of the domain arrive.',
      fix: 'remove pct',
    });
  } else {
    yield ok('DMARC', `${name} has a DMARC record with p=${policy}`);
  }
}

async function dmarcRecords(lookupTxt: LookupTxt, domain: string): Promise<readonly string[]> {
  return (await lookupTxt(`_dmarc.${domain}`)).filter((text) => /^v=DMARC1(?:\s*;|$)/i.test(text));
}
