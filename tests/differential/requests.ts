/** Generated requests: two stored sessions, a credential for them, and other headers. */
import * as fc from 'fast-check';
import { credentials, type Line, type Target } from './credentials.js';
import { storedRow, type StoredRow } from './stored-sessions.js';

export interface GeneratedCase {
  readonly rows: readonly StoredRow[];
  readonly method: string;
  readonly path: string;
  /** Name and value of each header line in order; one character per byte. */
  readonly headers: readonly Line[];
}

const getSessionPath = '/api/auth/get-session';

/** Headers that contain no credential and must not affect one. */
function otherHeaders({ trustedOrigin }: Target): fc.Arbitrary<Line[]> {
  const lines: Line[] = [
    ['Origin', trustedOrigin],
    ['Sec-Fetch-Site', 'cross-site'],
    ['If-None-Match', '*'],
    ['If-Modified-Since', 'Sun, 01 Mar 2026 12:00:00 GMT'],
    ['X-Forwarded-For', '198.51.100.1'],
  ];
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant<Line[]>([]) },
    { weight: 2, arbitrary: fc.subarray(lines) },
    { weight: 1, arbitrary: fc.constant<Line[]>([['Origin', 'null']]) },
    { weight: 1, arbitrary: fc.constant<Line[]>([['Origin', 'https://evil.example']]) },
  );
}

const paths = fc.oneof(
  { weight: 8, arbitrary: fc.constant(getSessionPath) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(
        ...['?disableRefresh=true', '?disableRefresh=false', '?disableRefresh=', '?disableRefresh'],
        ...[
          '?disableCookieCache=true',
          '?disableRefresh=1&disableRefresh=2',
          '?x=1',
          '?',
          '??',
          '?%',
        ],
        ...['?__proto__=1', '?constructor=1', '?disableRefresh[]=1', '?disablerefresh=1'],
      )
      .map((query) => getSessionPath + query),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...['/api/auth/get-session/', '/api/auth/get-session//', '/api/auth//get-session'],
      ...['/API/auth/get-session', '/api/auth/Get-Session', '/api/auth/get%2Dsession'],
      ...['/api/auth/./get-session', '/api/auth/x/../get-session', '/api/auth/get-session/x'],
    ),
  },
);

const methods = fc.oneof(
  { weight: 20, arbitrary: fc.constant('GET') },
  { weight: 1, arbitrary: fc.constant('HEAD') },
);

export function generatedCases(target: Target): fc.Arbitrary<GeneratedCase> {
  const rows = fc.tuple(storedRow, storedRow).filter(([a, b]) => a.token !== b.token);
  return fc
    .tuple(rows, methods, paths, credentials(target), otherHeaders(target))
    .map(([[first, second], method, path, credential, others]) => {
      const headers = [...others, ...credential(first.token, second.token)];
      return { rows: [first, second], method, path, headers };
    });
}
