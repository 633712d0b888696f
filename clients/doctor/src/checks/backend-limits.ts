/** Whether an API's backend can check the sessions of all its visitors from one address. Sends 240 requests. */
import type { DoctorContext } from '../doctor-context.js';
import { fail, ok, unknown, type Finding, type FindingStream } from '../finding.js';
import { seeServiceLog } from './session-reason.js';

/** More than the 100 in ten seconds that BetterAuth allows one address. */
const backendCalls = 120;
const backendConnections = 12;
const limitWindowSeconds = 10;

export async function* checkBackendLimits(context: DoctorContext): FindingStream {
  yield await checkBackendPath(context, '/api/auth/get-session', 200);
  yield await checkBackendPath(context, '/session', 401);
}

async function checkBackendPath(
  { authUrl, request }: DoctorContext,
  path: string,
  expected: number,
): Promise<Finding> {
  const startedAt = performance.now();
  let remaining = backendCalls;
  // Proxies limit with 429, 503 (nginx by default) or 403.
  const unexpected: number[] = [];
  const callRepeatedly = async () => {
    while (remaining > 0) {
      remaining -= 1;
      const { status } = await request(authUrl + path);
      if (status !== expected) unexpected.push(status);
    }
  };
  await Promise.all(Array.from({ length: backendConnections }, callRepeatedly));
  const seconds = (performance.now() - startedAt) / 1000;
  const statuses = [...new Set(unexpected)].join(' or ');
  if (unexpected.length === backendCalls && !unexpected.includes(429)) {
    const message = `every call of ${path} responds ${statuses} instead of ${expected}, so a limit cannot be detected`;
    return unknown('BACKEND_NOT_CHECKED', { message, fix: seeServiceLog });
  }
  if (unexpected.length > 0) {
    return fail('BACKEND_LIMITED', {
      message: `${unexpected.length} of ${backendCalls} calls of ${path} from one address respond ${statuses}`,
      impact: 'An API asks for all its visitors from one address, and then cannot identify them.',
      fix: 'exclude this path from the limit of the reverse proxy or firewall: the service does not limit it',
    });
  }
  if (seconds > limitWindowSeconds) {
    return unknown('BACKEND_NOT_CHECKED', {
      message: `${path} took ${Math.round(seconds)} s for ${backendCalls} calls, too long to detect a limit`,
      fix: 'run this command from a machine closer to the service',
    });
  }
  return ok(
    'BACKEND',
    `${backendCalls} calls of ${path} in ${seconds.toFixed(1)} s are not limited`,
  );
}
