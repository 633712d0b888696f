/** A service behind a proxy whose faults the doctor is to find, and what it then says. */
import type { LookupFunction } from 'node:net';
import { generate } from 'selfsigned';
import type { Environment } from '../../src/config/environment.js';
import type { Examination } from '../../src/doctor/examination.js';
import { examine, type SectionFinding } from '../../src/doctor/examine.js';
import { createHttpClient, type HttpClientOptions } from '../../src/doctor/http-client.js';
import { createFaultyProxy, type Certificate, type FaultyProxy } from './faulty-proxy.js';
import { startTestService, type TestService, type TestServiceOptions } from './test-service.js';

export interface Deployment {
  readonly proxy: FaultyProxy;
  readonly service: TestService;
  readonly examined: Pick<Examination, 'authUrl' | 'origins'>;
  /** Everything the doctor finds. */
  diagnose(changes?: Partial<Examination>): Promise<SectionFinding[]>;
  stop(): Promise<void>;
}

export interface DeploymentOptions extends TestServiceOptions {
  /** Given: https under this name. */
  readonly host?: string;
  /** The page's origin; a second port of the proxy's host where not given. */
  readonly origin?: string;
}

/** Every name leads to this machine. */
const toLoopback: LookupFunction = (_host, options, callback) => {
  if (options.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
};

/** Signed by itself. @param days from when on and until when it is valid, counted from now */
export async function certificateFor(
  name: string,
  days: readonly [from: number, to: number] = [-1, 1],
): Promise<Certificate> {
  const [notBeforeDate, notAfterDate] = days.map((day) => new Date(Date.now() + day * 86_400_000));
  return generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...(notBeforeDate && { notBeforeDate }),
    ...(notAfterDate && { notAfterDate }),
  });
}

/** Signed by an authority that nobody knows, and that is not sent along. */
export async function certificateOfStranger(name: string): Promise<Certificate> {
  const authority = await certificateFor('Authority of this test');
  return generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ca: { key: authority.private, cert: authority.cert },
  });
}

/** The service knows the proxy's URL as its own and trusts `origin`; the client's address is the socket's. */
export async function startDeployment(options: DeploymentOptions = {}): Promise<Deployment> {
  const {
    host,
    origin = host === undefined
      ? 'http://127.0.0.1:3000'
      : `https://docs.${host.replace(/^[^.]+\./, '')}`,
  } = options;
  const certificate = host === undefined ? undefined : await certificateFor(host);
  const proxy = await createFaultyProxy({
    ...(certificate && { certificate }),
    ...(host !== undefined && { host }),
  });
  const env: Environment = {
    BETTER_AUTH_URL: proxy.url,
    BETTER_AUTH_TRUSTED_ORIGINS: origin,
    CLIENT_IP_HEADER: '',
    ...options.env,
  };
  const service = await startTestService({ ...options, env });
  proxy.target = service.url;
  const examined = { authUrl: proxy.url, origins: [origin] };
  return {
    proxy,
    service,
    examined,
    diagnose: (changes) =>
      diagnose({ ...examined, ...changes }, service, certificate && { ca: certificate.cert }),
    async stop() {
      await proxy.close();
      await service.stop();
    },
  };
}

/** Who stands in the table of users: after an examination nobody. */
export function usersOf({ service }: Deployment) {
  return service.database.query('select email from "user"');
}

/** The doctor itself; where it would wait for a rate limit, ten seconds pass in the service's counters. */
export async function diagnose(
  examined: Pick<Examination, 'authUrl' | 'origins'> & Partial<Examination>,
  service?: TestService,
  connection: HttpClientOptions['connection'] = {},
): Promise<SectionFinding[]> {
  const { ask, close } = createHttpClient(new AbortController().signal, {
    timeoutMs: 5_000,
    connection: { lookup: toLoopback, ...connection },
  });
  const findings: SectionFinding[] = [];
  try {
    for await (const finding of examine({
      apiUrl: undefined,
      probeUser: false,
      probeRateLimits: false,
      compare: [],
      localAddresses: [],
      diagnosticsToken: undefined,
      ask,
      keepSecret: () => undefined,
      async wait() {
        await service?.database.query('update rate_limit set last_request = last_request - 10000');
      },
      ...examined,
    })) {
      findings.push(finding);
    }
  } finally {
    close();
  }
  return findings;
}

/** What is not as it should be, as `status CODE`. */
export function complaints(findings: readonly SectionFinding[]): string[] {
  return findings
    .filter(({ status }) => status !== 'ok')
    .map(({ status, code }) => `${status} ${code}`);
}
