/** Whether deployments that should share sessions do: one secret, one database. */
import { readDiagnostics, type Diagnostics } from '../diagnostics.js';
import type { Examination } from '../examination.js';
import { fail, ok, unknown, type Finding, type Findings } from '../finding.js';
import { quoted } from '../foreign-text.js';

/** @param own what the examined deployment told of itself */
export async function* compareDeployments(
  examination: Examination,
  own: Diagnostics | undefined,
): Findings {
  for (const url of examination.compare) {
    const read = await readDiagnostics(examination, url);
    if ('finding' in read) {
      yield read.finding;
    } else if (own === undefined) {
      const fix = 'mend what stands under "Its own report", then ask again';
      yield unknown('NOT_COMPARED', { seen: `${url} was not compared`, fix });
    } else {
      yield secrets([examination.authUrl, own], [url, read.told]);
      yield databases([examination.authUrl, own], [url, read.told]);
    }
  }
}

type Named = readonly [string, Diagnostics];

function secrets([url, own]: Named, [otherUrl, other]: Named): Finding {
  const [one, two] = [own.startup.secret, other.startup.secret];
  if (one.fingerprint === two.fingerprint) {
    return ok('SECRETS_AGREE', `${url} and ${otherUrl} have the same secret`);
  }
  const knows = (a: typeof one, b: typeof one) => a.previous?.includes(b.fingerprint) === true;
  if (knows(one, two) && knows(two, one)) {
    return ok(
      'SECRETS_AGREE',
      `${url} and ${otherUrl} sign differently and know each other's secret`,
    );
  }
  return fail('SECRETS_DIFFER', {
    seen: `${url} signs with ${quoted(one.fingerprint)}, ${otherUrl} with ${quoted(two.fingerprint)}`,
    why: 'Who signs in at one is nobody (bad_signature) at the other.',
    fix: 'set the same BETTER_AUTH_SECRET or BETTER_AUTH_SECRETS on both, by printf without a newline, and deploy',
  });
}

function databases([url, own]: Named, [otherUrl, other]: Named): Finding {
  const [one, two] = [own.startup.database.canary, other.startup.database.canary];
  if (one === undefined || two === undefined) {
    return unknown('DATABASES_NOT_COMPARED', {
      seen: `${one === undefined ? url : otherUrl} does not tell which database it reads`,
      fix: 'look at its start-up report: the database was not there to be asked',
    });
  }
  // Each leaves a fresh one when it is asked, so the one that was asked first cannot have seen the other's.
  if (two.all.includes(one.own) || one.all.includes(two.own)) {
    return ok('DATABASES_AGREE', `${url} and ${otherUrl} read the same database`);
  }
  return fail('DATABASES_DIFFER', {
    seen: `${url} and ${otherUrl} read different databases or branches`,
    why: 'Who signs in at one is nobody (session_not_found) at the other.',
    fix: 'set the same DATABASE_URL on both, and deploy',
  });
}
