/** A certificate authority for tests, and certificates signed by it. */
import { execFile } from 'node:child_process';
import { chown } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { postgresAccount } from '../../src/dev/postgres-account.js';

const run = promisify(execFile);

export interface Certificate {
  /** PEM files readable by PostgreSQL's account. */
  readonly certificate: string;
  readonly key: string;
}

export interface Authority {
  /** Its own certificate, a PEM file. */
  readonly file: string;
  /** Creates a key and a certificate for the host name. */
  sign(name: string, hostname: string): Promise<Certificate>;
}

export async function createAuthority(folder: string): Promise<Authority> {
  const ca = await makeCertificate(folder, 'ca', ['-subj', '/CN=Authority of this test']);
  return {
    file: ca.certificate,
    sign: (name, hostname) =>
      makeCertificate(folder, name, [
        ...['-subj', `/CN=${hostname}`, '-addext', `subjectAltName=DNS:${hostname}`],
        ...['-CA', ca.certificate, '-CAkey', ca.key],
      ]),
  };
}

async function makeCertificate(folder: string, name: string, args: string[]): Promise<Certificate> {
  const [certificate, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
  const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc'];
  await run('openssl', [
    ...['req', '-x509', '-days', '2', ...fresh, ...args],
    ...['-keyout', key, '-out', certificate],
  ]);
  const account = await postgresAccount();
  if (account) await chown(key, account.uid, account.gid);
  return { certificate, key };
}
