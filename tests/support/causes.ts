/**
 * Causes of missing sessions that no single request shows: what detects each one, with which message, and the test that
 * creates the fault and checks the message. `npm run docs` generates the table in the documentation; tests/causes.test.ts
 * compares it with the tests. Causes that a single request shows are in src/session/reasons.ts.
 */

/** `[message, test that creates the fault]`: a code or a field of a log line, and the file that checks it. */
export type Evidence = readonly [message: string | readonly string[], test: string];

export interface Cause {
  readonly cause: string;
  /** The startup report, and /diagnostics. */
  readonly start?: Evidence;
  /** The log, once a request reveals it. */
  readonly log?: Evidence;
  readonly doctor?: Evidence;
  /** The Docusaurus plugin, on the page. */
  readonly page?: Evidence;
  /** The FastAPI client: at its start, or in its responses. */
  readonly api?: Evidence;
  /** Why it cannot happen, and the test that ensures it. */
  readonly never?: Evidence;
}

/** Checked as configuration by tests/startup/startup-findings.test.ts, and in a process by startup-causes.test.ts. */
const atStart = 'tests/support/startup-causes.ts';
const inRequests = 'tests/http/detect-misconfiguration.test.ts';
const preview = 'tests/config/preview.test.ts';
const doctor = (name: string) => `clients/doctor/tests/${name}.test.ts`;
const plugin = (name: string) => `clients/docusaurus/tests/${name}.test.ts`;
const python = (name: string) => `clients/fastapi/tests/test_${name}.py`;

export const causes: readonly Cause[] = [
  {
    cause:
      'the secret is missing, too short, the public default, easily guessed, or contains blanks, quotes or a newline',
    start: [
      [
        'SECRET_MISSING',
        'SECRET_TOO_SHORT',
        'SECRET_DEFAULT',
        'SECRET_LOW_ENTROPY',
        'SECRET_HAS_BLANKS',
        'SECRET_QUOTED',
      ],
      atStart,
    ],
  },
  {
    cause: 'a URL or another setting contains blanks, quotes or a newline, or is set but empty',
    start: [['VARIABLE_HAS_BLANKS', 'VARIABLE_QUOTED'], atStart],
  },
  {
    cause: 'two deployments have different secrets',
    doctor: ['SECRETS_DIFFER', doctor('deployment-report')],
    log: ['bad_signature', 'tests/session/tampered-cookie.test.ts'],
  },
  {
    cause: 'instances of one deployment have different secrets or databases',
    start: ['SECRETS_DIFFER', 'tests/startup/other-secrets.test.ts'],
    doctor: ['COOKIE_NOT_ACCEPTED', doctor('two-instances')],
  },
  {
    cause:
      '`BETTER_AUTH_URL` is missing, http, has a path or a trailing slash, or is not the host that is called',
    start: [
      ['BASE_URL_MISSING', 'BASE_URL_NOT_HTTPS', 'BASE_URL_HAS_PATH', 'BASE_URL_TRAILING_SLASH'],
      atStart,
    ],
    log: ['BASE_URL_NOT_CALLED', inRequests],
    doctor: ['BASE_URL_OTHER_HOST', doctor('cross-origin')],
  },
  {
    cause:
      'the page is on another site, and the cookie is SameSite=Lax, or SameSite=None without Secure',
    start: ['COOKIE_CROSS_SITE_OVER_HTTP', atStart],
    doctor: [['COOKIE_SAMESITE', 'COOKIE_NEEDS_SECURE'], doctor('sent-cookies')],
  },
  {
    cause: 'the cookie’s Domain is a public suffix, or not a parent of the host',
    start: [['COOKIE_DOMAIN_PUBLIC_SUFFIX', 'COOKIE_DOMAIN_NOT_PARENT'], atStart],
    doctor: ['COOKIE_DOMAIN_REFUSED', doctor('sent-cookies')],
  },
  {
    cause:
      'a setting moves the cookie (`COOKIE_DOMAIN`, another cross-site origin) while browsers still have older ones',
    start: ['COOKIE_POLICY_CHANGED', 'tests/session/moved-cookie.test.ts'],
    log: ['cookies of this name', 'tests/session/several-cookies.test.ts'],
  },
  {
    cause: 'a single origin, such as a developer’s page, makes the cookie cross-site',
    start: ['ORIGIN_MAKES_COOKIE_CROSS_SITE', 'tests/config/cross-site-origin.test.ts'],
  },
  {
    cause: 'a trusted origin has a trailing slash, a path or a wildcard, or is http',
    start: [
      ['ORIGIN_TRAILING_SLASH', 'ORIGIN_HAS_PATH', 'ORIGIN_WILDCARD', 'ORIGIN_NOT_HTTPS'],
      atStart,
    ],
  },
  {
    cause:
      'the page’s origin is not trusted: sign-in answers 403, or the browser hides the response',
    log: ['originHint', 'tests/http/request-log.test.ts'],
    doctor: ['ORIGIN_NOT_TRUSTED', doctor('cross-origin')],
    page: [['INVALID_ORIGIN', 'CORS_REFUSED'], plugin('auth-fetch')],
  },
  {
    cause:
      'a proxy breaks CORS: a header is missing, `*` is combined with credentials, or preflights are not answered',
    doctor: [['CORS_HEADER_MISSING', 'CORS_WILDCARD', 'PREFLIGHT_FAILED'], doctor('cross-origin')],
  },
  {
    cause: 'the API’s own CORS configuration hides its responses from the page',
    doctor: [['API_CORS_MISSING', 'API_CORS_WITHOUT_CREDENTIALS'], doctor('api')],
  },
  {
    cause: "pages fetch without `credentials: 'include'`",
    log: ["credentials: 'include'", 'tests/session/hint.test.ts'],
    doctor: ['VERDICTS', doctor('deployment-report')],
  },
  {
    cause:
      'a proxy sets a cookie that browsers reject: already expired, too long, or with another prefix',
    doctor: [['COOKIE_EXPIRED', 'COOKIE_PREFIX_REFUSED'], doctor('set-cookie')],
  },
  {
    cause: 'this browser refuses the cookie',
    page: ['COOKIE_REFUSED', plugin('visit')],
    doctor: [['COOKIE_NOT_PARTITIONED', 'COOKIE_SAFARI'], doctor('sent-cookies')],
  },
  {
    cause: 'a redirect back or a mailed link sets the cookie in another partition',
    never: ['no response to a navigation sets a cookie', 'tests/http/redirect-flow.test.ts'],
  },
  {
    cause: 'a sign-up that creates no session, because the address must be verified first',
    never: [
      'every successful sign-up and sign-in creates a session',
      'tests/http/redirect-flow.test.ts',
    ],
    doctor: ['SIGN_UP_WITHOUT_SESSION', doctor('sign-up-and-out')],
    page: ['NO_SESSION_YET', plugin('visit')],
  },
  {
    cause: 'a server in between does not relay Set-Cookie',
    doctor: ['SET_COOKIE_MISSING', doctor('sent-cookies')],
  },
  {
    cause: 'the API is on a host that the cookie never reaches',
    start: ['API_UNREACHED_BY_COOKIE', atStart],
    doctor: ['COOKIE_NOT_REACHING_API', doctor('api')],
    api: ['COOKIE_CANNOT_ARRIVE', python('startup_check')],
  },
  {
    cause: 'a renewed cookie is sent to a server instead of the browser',
    log: ['refreshHint', inRequests],
    api: ['disableRefresh', python('better_auth')],
  },
  {
    cause: 'a redirect strips the Cookie header: http to https, apex to www',
    doctor: ['REDIRECT', doctor('reachability')],
    api: ['AUTH_REDIRECTS', python('startup_check')],
  },
  {
    cause: 'one cookie jar serves several users',
    never: ['neither_kept_nor_sent_for_another_visitor', python('forwarding')],
  },
  {
    cause: '429 or 5xx is read as "signed out"',
    doctor: ['API_TREATS_OUTAGE_AS_SIGNED_OUT', doctor('api')],
    page: ['SERVICE_UNAVAILABLE', plugin('auth-fetch')],
    api: ['AUTH_UNAVAILABLE', python('unavailable')],
  },
  {
    cause: 'behind a proxy all users share one rate limit',
    start: ['CLIENT_IP_HEADER_MISSING', atStart],
    log: [
      [
        'CLIENT_IP_HEADER_MISSING',
        'CLIENT_IP_HEADER_NEVER_COMES',
        'CLIENT_IP_HEADER_WITHOUT_ADDRESS',
      ],
      inRequests,
    ],
    doctor: ['SHARED_RATE_LIMIT', doctor('client-buckets')],
  },
  {
    cause: 'a table, column or index is missing in the live database, or migrations are pending',
    start: [['SCHEMA_INCOMPLETE', 'MIGRATIONS_PENDING'], 'tests/startup/startup-database.test.ts'],
    log: ['differences', 'tests/db/live-schema.test.ts'],
    doctor: [['SCHEMA_INCOMPLETE', 'MIGRATIONS_PENDING'], doctor('reachability')],
  },
  {
    cause: 'two deployments read different databases or branches',
    start: ['canary', 'tests/db/deployment-canary.test.ts'],
    log: ['session_not_found', 'tests/db/session-row.test.ts'],
    doctor: ['DATABASES_DIFFER', doctor('deployment-report')],
  },
  {
    cause: 'a preview deployment’s own URL is not trusted',
    start: [
      ['PREVIEW_URL_UNKNOWN', 'PREVIEW_BASE_URL_FOREIGN', 'PREVIEW_USES_PRODUCTION_URL'],
      preview,
    ],
    log: ['originHint', 'tests/startup/preview-deployment.test.ts'],
  },
  {
    cause: 'deployment protection or a foreign page answers instead of the service',
    doctor: [['DEPLOYMENT_PROTECTION', 'UNEXPECTED_RESPONSE'], doctor('reachability')],
    page: ['NOT_THE_SERVICE', plugin('auth-fetch')],
    api: ['AUTH_UNEXPECTED_ANSWER', python('startup_check')],
  },
  {
    cause: 'the clock is off',
    start: ['CLOCK_DIFFERS', 'tests/startup/clock-differs.test.ts'],
    doctor: ['CLOCK_SKEW', doctor('reachability')],
    api: ['CLOCKS_DISAGREE', python('startup_check')],
  },
  {
    cause: 'the key of JSON Web Tokens no longer decrypts, because a secret changed',
    start: ['SIGNING_KEY_UNREADABLE', 'tests/features/json-web-tokens/json-web-token.test.ts'],
    doctor: ['JWT_KEY_UNREADABLE', doctor('probe-user')],
  },
  {
    cause: 'the cookie would last longer than 400 days, or is longer than 4096 bytes',
    start: ['SESSION_IDLE_DAYS_INVALID', atStart],
    doctor: ['COOKIE_TOO_LARGE', doctor('sent-cookies')],
  },
  {
    cause:
      'the static site’s bundle has no address of the service, so it asks its own host and gets a page',
    page: ['NOT_THE_SERVICE', plugin('auth-fetch')],
  },
];
