/** Explains why a request got no response, by the error code of the system or of OpenSSL. */
import { fail, unknown, type Finding } from '../finding.js';
import type { NoResponseError } from '../http-client.js';

interface Explanation {
  readonly code: string;
  readonly problem: string;
  readonly fix: string;
}

const tlsImpact = 'Browsers and APIs reject the connection, so no request reaches the service.';
const networkImpact = 'No page and no API can reach the service.';

const tlsNotSupported: Explanation = {
  code: 'TLS_NOT_SUPPORTED',
  problem: 'the port does not speak TLS, or no version that this machine accepts',
  fix: "use the proxy's https port, or http in --auth-url for a service on this machine",
};

const selfSigned: Explanation = {
  code: 'TLS_SELF_SIGNED',
  problem: 'its certificate is self-signed',
  fix: 'get a certificate from a public authority (from the host or the proxy), or set NODE_EXTRA_CA_CERTS for this command',
};

const untrusted: Explanation = {
  code: 'TLS_UNTRUSTED',
  problem: 'its certificate is not signed by a known authority',
  fix: 'send the full chain with the intermediate certificates, or set NODE_EXTRA_CA_CERTS for this command',
};

const explanations: Readonly<Record<string, Explanation>> = {
  ENOTFOUND: {
    code: 'DNS_NOT_FOUND',
    problem: 'its name has no DNS record',
    fix: 'add the record that the host requires (Vercel: Settings → Domains), or correct --auth-url',
  },
  ECONNREFUSED: {
    code: 'CONNECTION_REFUSED',
    problem: 'no process listens on this port',
    fix: 'start the service, or correct the port (PORT) in --auth-url',
  },
  CERT_HAS_EXPIRED: {
    code: 'TLS_EXPIRED',
    problem: 'its certificate has expired',
    fix: 'renew the certificate at the host or the proxy',
  },
  CERT_NOT_YET_VALID: {
    code: 'TLS_NOT_YET_VALID',
    problem: 'its certificate is not valid yet',
    fix: "compare the clocks, including this machine's, and renew the certificate if they agree",
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    code: 'TLS_WRONG_HOST',
    problem: 'its certificate is for another host name',
    fix: 'add the domain to the project at the host (Vercel: Settings → Domains), or correct --auth-url',
  },
  EPROTO: tlsNotSupported,
  ERR_SSL_WRONG_VERSION_NUMBER: tlsNotSupported,
  DEPTH_ZERO_SELF_SIGNED_CERT: selfSigned,
  SELF_SIGNED_CERT_IN_CHAIN: selfSigned,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
};

/** What is wrong with the connection; undefined where this machine's network may be the cause. */
export function connectionProblem(code: string): string | undefined {
  return explanations[code]?.problem;
}

/** A fault where the error code identifies one; otherwise `unknown`, because this machine's network may be the cause. */
export function connectionFailure({ code, url }: NoResponseError): Finding {
  const { origin } = new URL(url);
  const explanation = explanations[code];
  if (explanation === undefined) {
    return unknown('NO_RESPONSE', {
      message: `${origin} did not respond (${code})`,
      fix: "try again; if it persists, check this machine's network and the service's log",
    });
  }
  return fail(explanation.code, {
    message: `cannot connect to ${origin}: ${explanation.problem} (${code})`,
    impact: explanation.code.startsWith('TLS_') ? tlsImpact : networkImpact,
    fix: explanation.fix,
  });
}
