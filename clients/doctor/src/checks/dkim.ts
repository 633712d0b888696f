/** DKIM (RFC 6376): the public keys with which mail servers verify the signatures of mails. */
import { createPublicKey } from 'node:crypto';
import type { LookupTxt } from '../dns-client.js';
import { fail, ok, unknown, warn, type Finding, type FindingStream } from '../finding.js';
import { readTags } from './dns-tags.js';

/** Those of common mail providers; a domain does not reveal its own. */
const commonSelectors = [
  ...['default', 'dkim', 'mail', 'smtp', 'email', 'key1', 's1', 's2', 'k1', 'k2', 'k3', 'x'],
  ...['google', 'selector1', 'selector2', 'resend', 'mandrill', 'pm', 'mailjet', 'zoho', 'mxvault'],
  ...['protonmail', 'protonmail2', 'protonmail3', 'fm1', 'fm2', 'fm3', 'sig1', 'mailo', 'brevo'],
];

/** RFC 8301: shorter keys must not be used, and 2048 bits should be. */
const minimumBits = 1024;
const recommendedBits = 2048;

const impact = 'Mail servers cannot verify the mails, treat them as spam, or refuse them.';

/** @param selectors the common ones are tried if there are none */
export async function* checkDkim(
  lookupTxt: LookupTxt,
  domain: string,
  selectors: readonly string[],
): FindingStream {
  const tried = selectors.length > 0 ? selectors : commonSelectors;
  const looked = await Promise.all(
    tried.map(async (selector) => {
      const name = `${selector}._domainkey.${domain}`;
      const tags = (await lookupTxt(name)).map(readTags).find(({ p }) => p !== undefined);
      return { name, tags };
    }),
  );
  for (const { name, tags } of looked) {
    if (tags !== undefined) yield checkKey(name, tags);
    else if (selectors.length > 0) {
      yield fail('DKIM_MISSING', {
        message: `${name} has no DKIM key`,
        impact,
        fix: `add the TXT or CNAME record that your mail provider gives for ${name}`,
      });
    }
  }
  if (selectors.length === 0 && looked.every(({ tags }) => tags === undefined)) {
    yield unknown('DKIM_NOT_FOUND', {
      message: `no DKIM key of ${domain} was found at ${tried.length} common names`,
      fix: 'add the record that your mail provider gives, or pass its selector with --dkim-selector (s= in the DKIM-Signature of a mail)',
    });
  }
}

function checkKey(
  name: string,
  { p = '', k = 'rsa', t = '' }: Readonly<Partial<Record<string, string>>>,
): Finding {
  if (p === '') {
    return warn('DKIM_REVOKED', {
      message: `the DKIM key at ${name} is revoked (p= is empty)`,
      impact,
      fix: 'publish the current key, or remove the record if no mail is signed with it',
    });
  }
  if (t.split(':').includes('y')) {
    return warn('DKIM_TESTING', {
      message: `the DKIM key at ${name} is marked as a test (t=y)`,
      impact: 'Mail servers may treat signed mails as unsigned.',
      fix: 'remove t=y from the record',
    });
  }
  const bits = k === 'rsa' ? rsaBits(p) : recommendedBits;
  if (bits === undefined) {
    return fail('DKIM_INVALID', {
      message: `the DKIM key at ${name} is not a valid key`,
      impact,
      fix: 'copy the record of your mail provider again, in full: long values are often cut off',
    });
  }
  if (bits < recommendedBits) {
    const details = {
      message: `the DKIM key at ${name} has ${bits} bits`,
      impact: 'Keys that short can be broken, and some mail servers ignore them.',
      fix: `let your mail provider create a key of ${recommendedBits} bits`,
    };
    return bits < minimumBits ? fail('DKIM_WEAK', details) : warn('DKIM_WEAK', details);
  }
  return ok('DKIM', `${name} has a DKIM key`);
}

function rsaBits(base64: string): number | undefined {
  try {
    const key = createPublicKey({
      key: Buffer.from(base64, 'base64'),
      format: 'der',
      type: 'spki',
    });
    return key.asymmetricKeyDetails?.modulusLength;
  } catch {
    return undefined;
  }
}
