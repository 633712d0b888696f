/** The DNS records by which mail servers decide whether mails of the sender's domain are genuine. */
import { NoDnsResponseError, type LookupTxt } from '../dns-client.js';
import type { DoctorContext } from '../doctor-context.js';
import { unknown, type FindingStream } from '../finding.js';
import { checkDkim } from './dkim.js';
import { checkDmarc } from './dmarc.js';
import { checkSpf } from './spf.js';

/** Names that are never in the public DNS (RFC 2606, 6761, 6762, 9476). */
const reserved =
  /(?:^|\.)(?:example|invalid|test|localhost|local|internal|alt|home\.arpa)$|^[^.]*$/;

export async function* checkSenderDomain(
  { lookupTxt, dkimSelectors }: Pick<DoctorContext, 'lookupTxt' | 'dkimSelectors'>,
  domain: string,
): FindingStream {
  if (reserved.test(domain)) {
    yield unknown('SENDER_DOMAIN_RESERVED', {
      message: `${domain} is a reserved name: SPF, DKIM and DMARC were not checked`,
      fix: 'set MAIL_FROM to an address of your own domain before mails go to the internet',
    });
    return;
  }
  const lookup = remember(lookupTxt);
  try {
    yield* checkSpf(lookup, domain);
    yield* checkDkim(lookup, domain, dkimSelectors);
    yield* checkDmarc(lookup, domain);
  } catch (error) {
    if (!(error instanceof NoDnsResponseError)) throw error;
    yield unknown('DNS_NO_RESPONSE', {
      message: `DNS did not answer for ${error.host} (${error.code}): the sender's records could not be checked completely`,
      fix: 'rerun on a machine whose DNS resolver answers',
    });
  }
}

function remember(lookupTxt: LookupTxt): LookupTxt {
  const known = new Map<string, ReturnType<LookupTxt>>();
  return (name) => {
    const found = known.get(name) ?? lookupTxt(name);
    known.set(name, found);
    return found;
  };
}
