/** A service behind a faulty proxy, and the doctor's findings about it. */
import type { LookupFunction } from 'node:net';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { Environment } from '../../../../src/config/environment.js';
import { certificateFor } from '../../../../tests/support/certificate.js';
import {
  startTestService,
  type TestService,
  type TestServiceOptions,
} from '../../../../tests/support/test-service.js';
import type { DoctorContext } from '../../src/doctor-context.js';
import type { Finding } from '../../src/finding.js';
import { createHttpClient, type HttpClientOptions } from '../../src/http-client.js';
import { runChecks, type SectionFinding } from '../../src/run-checks.js';
import { createFaultyProxy, type FaultyProxy } from './faulty-proxy.js';

type Check = (context: DoctorContext) => AsyncIterable<Finding>;
type Target = Pick<DoctorContext, 'authUrl' | 'origins'>;

export interface Deployment {
  readonly proxy: FaultyProxy;
  readonly service: TestService;
  readonly target: Target;
  /** Runs the doctor. @returns every finding */
  diagnose(changes?: Partial<DoctorContext>): Promise<SectionFinding[]>;
  /** Runs one check. @returns its findings */
  check(check: Check, changes?: Partial<DoctorContext>): Promise<Finding[]>;
  stop(): Promise<void>;
}

export interface DeploymentOptions extends TestServiceOptions {
  /** Serves https under this name. */
  readonly host?: string;
  /** The page's origin; a second port of the proxy's host by default. */
  readonly origin?: string;
}

/** Resolves every name to this machine. */
const lookupLoopback: LookupFunction = (_host, options, callback) => {
  if (options.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
};

/** The service has the proxy's URL as its own and trusts `origin`; the client's address is the socket's. */
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
  const target = { authUrl: proxy.url, origins: [origin] };
  const client = certificate && { connection: { ca: certificate.cert } };
  return {
    proxy,
    service,
    target,
    diagnose: (changes) => diagnose({ ...target, ...changes }, service, client),
    check: (check, changes) => collect(check, { ...target, ...changes }, service, client),
    async stop() {
      await proxy.close();
      await service.stop();
    },
  };
}

/**
 * One deployment for the tests of a file; after each of them its proxy has no faults, and nothing counts towards rate
 * limits. @param assign receives it before the first test
 */
export function useDeployment(
  assign: (started: Deployment) => void,
  options: DeploymentOptions = {},
): void {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await startDeployment(options);
    assign(deployment);
  });
  afterAll(() => deployment.stop());
  afterEach(async () => {
    deployment.proxy.faults = {};
    await deployment.service.database.query('delete from rate_limit');
  });
}

/** The rows of the user table; a run of the doctor leaves none. */
export function usersOf({ service }: Deployment) {
  return service.database.query('select email from "user"');
}

/** Runs every check of the doctor. */
export function diagnose(
  target: Target & Partial<DoctorContext>,
  service?: TestService,
  client?: HttpClientOptions,
): Promise<SectionFinding[]> {
  return collect(runChecks, target, service, client);
}

/** A wait for a rate limit moves the service's counters back by ten seconds instead. */
async function collect<Each extends Finding>(
  check: (context: DoctorContext) => AsyncIterable<Each>,
  target: Target & Partial<DoctorContext>,
  service?: TestService,
  { timeoutMs = 5_000, connection }: HttpClientOptions = {},
): Promise<Each[]> {
  const { request, close } = createHttpClient(new AbortController().signal, {
    timeoutMs,
    connection: { lookup: lookupLoopback, ...connection },
  });
  const context: DoctorContext = {
    sitePages: [],
    apiUrl: undefined,
    probeUser: false,
    probeRateLimits: false,
    probeMail: undefined,
    mailFrom: undefined,
    dkimSelectors: [],
    lookupTxt: () => Promise.resolve([]),
    compare: [],
    localAddresses: [],
    diagnosticsToken: undefined,
    request,
    registerSecret: () => undefined,
    async wait() {
      await service?.database.query('update rate_limit set last_request = last_request - 10000');
    },
    ...target,
  };
  const findings: Each[] = [];
  try {
    for await (const finding of check(context)) findings.push(finding);
  } finally {
    close();
  }
  return findings;
}

/** Every finding that is not `ok`, as `status CODE`. */
export function failedFindings(findings: readonly Finding[]): string[] {
  return findings
    .filter(({ status }) => status !== 'ok')
    .map(({ status, code }) => `${status} ${code}`);
}
