/** One certificate for all hosts of a run, which the browsers are configured to accept. */
import { execFile } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { topologies } from './topology.js';

export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
  /** SHA-256 of the public key in base64 (RFC 7469 2.4): Chromium accepts a certificate by it. */
  readonly keyHash: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    certificate: CertificateFiles;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'auth-service-certificate-'));
  const files = { certificate: join(folder, 'certificate.pem'), key: join(folder, 'key.pem') };
  const hosts = new Set(['localhost', ...topologies.flatMap((each) => Object.values(each.hosts))]);
  const names = [...hosts].map((host) => `DNS:${host}`).join(',');
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-days', '2', '-subj', '/CN=auth-service browser tests'],
    ...['-addext', `subjectAltName=${names}`],
    ...['-keyout', files.key, '-out', files.certificate],
  ]);
  const { publicKey } = new X509Certificate(await readFile(files.certificate));
  const keyHash = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');
  project.provide('certificate', { ...files, keyHash });
  return () => rm(folder, { recursive: true, force: true });
}
