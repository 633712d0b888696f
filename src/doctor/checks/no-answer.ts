/** Why nothing answered, by the word that the system or OpenSSL has for it. */
import { fail, unknown, type Finding } from '../finding.js';
import type { NoAnswerError } from '../http-client.js';

interface Explanation {
  readonly code: string;
  readonly seen: string;
  readonly fix: string;
}

const withoutTrust = 'Browsers and APIs refuse the connection, so no request ever arrives.';
const nowhere = 'No page and no API can reach the service.';

const explanations: Record<string, Explanation> = {
  ENOTFOUND: {
    code: 'DNS_NOT_FOUND',
    seen: 'its name is not in the DNS',
    fix: 'add the record that the host asks for (Vercel: Settings → Domains), or correct --auth-url',
  },
  ECONNREFUSED: {
    code: 'CONNECTION_REFUSED',
    seen: 'nothing listens there',
    fix: 'start the service, or correct the port (PORT) in --auth-url',
  },
  CERT_HAS_EXPIRED: {
    code: 'TLS_EXPIRED',
    seen: 'its certificate has expired',
    fix: 'renew the certificate at the host or proxy',
  },
  CERT_NOT_YET_VALID: {
    code: 'TLS_NOT_YET_VALID',
    seen: 'its certificate is not valid yet',
    fix: "compare the clocks, this machine's included, and renew the certificate if they agree",
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    code: 'TLS_WRONG_HOST',
    seen: 'its certificate is for another name',
    fix: 'add the domain to the project at the host (Vercel: Settings → Domains), or correct --auth-url',
  },
  EPROTO: {
    code: 'TLS_NOT_SPOKEN',
    seen: 'the port speaks no TLS that this machine accepts',
    fix: 'use the https port of the proxy, or http in --auth-url on this machine',
  },
};

const selfSigned: Explanation = {
  code: 'TLS_SELF_SIGNED',
  seen: 'its certificate is self-signed',
  fix: 'get one from a public authority (the host or proxy does that), or tell this command yours by NODE_EXTRA_CA_CERTS',
};

const untrusted: Explanation = {
  code: 'TLS_UNTRUSTED',
  seen: 'no known authority has signed its certificate',
  fix: 'send the whole chain, intermediate certificates included, or tell this command your authority by NODE_EXTRA_CA_CERTS',
};

const byCode: Record<string, Explanation> = {
  ...explanations,
  DEPTH_ZERO_SELF_SIGNED_CERT: selfSigned,
  SELF_SIGNED_CERT_IN_CHAIN: selfSigned,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  ERR_SSL_WRONG_VERSION_NUMBER: explanations.EPROTO as Explanation,
};

/** A definite fault where the code tells one; otherwise it may as well be this machine's own network. */
export function noAnswer({ code, url }: NoAnswerError): Finding {
  const { origin } = new URL(url);
  const explained = byCode[code];
  if (explained === undefined) {
    return unknown('NO_ANSWER', {
      seen: `${origin} gave no answer (${code})`,
      fix: "try again; if it lasts, look at this machine's network and at the service's log",
    });
  }
  return fail(explained.code, {
    seen: `${origin} cannot be called: ${explained.seen} (${code})`,
    why: explained.code.startsWith('TLS_') ? withoutTrust : nowhere,
    fix: explained.fix,
  });
}
