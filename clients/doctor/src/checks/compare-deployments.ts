/** Whether deployments that should share sessions do: they need the same secret and the same database. */
import { readDiagnostics, type Diagnostics } from '../diagnostics.js';
import type { DoctorContext } from '../doctor-context.js';
import { fail, ok, unknown, type Finding, type FindingStream } from '../finding.js';
import { sanitizeForTerminal } from '../untrusted-text.js';

/** @param own the report of the deployment at --auth-url, where it could be read */
export async function* compareDeployments(
  context: DoctorContext,
  own: Diagnostics | undefined,
): FindingStream {
  for (const url of context.compare) {
    const result = await readDiagnostics(context, url);
    if ('finding' in result) {
      yield result.finding;
    } else if (own === undefined) {
      const fix = 'fix the findings under "Deployment report" and rerun';
      yield unknown('NOT_COMPARED', { message: `${url} was not compared`, fix });
    } else {
      yield compareSecrets([context.authUrl, own], [url, result.report]);
      yield compareDatabases([context.authUrl, own], [url, result.report]);
    }
  }
}

type Deployment = readonly [url: string, report: Diagnostics];

function compareSecrets([url, own]: Deployment, [otherUrl, other]: Deployment): Finding {
  const [one, two] = [own.startup.secret, other.startup.secret];
  if (one.fingerprint === two.fingerprint) {
    return ok('SECRETS_AGREE', `${url} and ${otherUrl} have the same secret`);
  }
  const accepts = (a: typeof one, b: typeof one) => a.previous?.includes(b.fingerprint) === true;
  if (accepts(one, two) && accepts(two, one)) {
    return ok(
      'SECRETS_AGREE',
      `${url} and ${otherUrl} sign with different secrets and accept each other's`,
    );
  }
  return fail('SECRETS_DIFFER', {
    message: `${url} signs with ${sanitizeForTerminal(one.fingerprint)}, ${otherUrl} with ${sanitizeForTerminal(two.fingerprint)}`,
    impact: 'A user who signs in at one is signed out (bad_signature) at the other.',
    fix: 'set the same BETTER_AUTH_SECRET or BETTER_AUTH_SECRETS on both (with printf, which adds no newline) and redeploy',
  });
}

function compareDatabases([url, own]: Deployment, [otherUrl, other]: Deployment): Finding {
  const [one, two] = [own.startup.database.canary, other.startup.database.canary];
  if (one === undefined || two === undefined) {
    return unknown('DATABASES_NOT_COMPARED', {
      message: `${one === undefined ? url : otherUrl} does not report which database it uses`,
      fix: 'check its startup report: the database was unavailable',
    });
  }
  // Each report writes a new canary, so the first deployment's report cannot contain the second one's.
  if (two.all.includes(one.own) || one.all.includes(two.own)) {
    return ok('DATABASES_AGREE', `${url} and ${otherUrl} use the same database`);
  }
  return fail('DATABASES_DIFFER', {
    message: `${url} and ${otherUrl} use different databases or branches`,
    impact: 'A user who signs in at one is signed out (session_not_found) at the other.',
    fix: 'set the same DATABASE_URL on both and redeploy',
  });
}
