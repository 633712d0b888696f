/** What a deployment tells of itself to whoever presents its DIAGNOSTICS_TOKEN. Only what is listed here is read. */
import { z } from 'zod';
import { isLoopbackHost } from '../config/site.js';
import type { Examination } from './examination.js';
import { unknown, type Finding } from './finding.js';
import type { AskOptions } from './http-client.js';

const startupFinding = z.object({
  level: z.enum(['error', 'warn', 'info']),
  code: z.string(),
  variable: z.string(),
  message: z.string(),
  fix: z.string(),
});

const diagnosticsShape = z.object({
  startup: z.object({
    secret: z.object({
      fingerprint: z.string(),
      previous: z.array(z.string()).optional(),
    }),
    database: z.object({
      canary: z.object({ own: z.string(), all: z.array(z.string()) }).optional(),
    }),
    findings: z.array(startupFinding),
  }),
  verdicts: z.object({ since: z.string(), counts: z.record(z.string(), z.number()) }),
  client: z.object({ address: z.string() }),
});

export type Diagnostics = z.infer<typeof diagnosticsShape>;

/** @returns what the deployment told, or why it did not */
export async function readDiagnostics(
  { ask, diagnosticsToken }: Pick<Examination, 'ask' | 'diagnosticsToken'>,
  origin: string,
  options: AskOptions = {},
): Promise<{ told: Diagnostics } | { finding: Finding }> {
  const not = (code: string, seen: string, fix: string) => ({
    finding: unknown(code, { seen: `${origin} ${seen}`, fix }),
  });
  if (diagnosticsToken === undefined) {
    const fix = 'set DIAGNOSTICS_TOKEN here to the value that the deployment has';
    return not('DIAGNOSTICS_TOKEN_MISSING', 'was not asked about itself', fix);
  }
  if (!/^[\x21-\x7e]+$/.test(diagnosticsToken)) {
    const fix = 'set DIAGNOSTICS_TOKEN here again, to the very value that the deployment has';
    const seen = 'was not asked: DIAGNOSTICS_TOKEN here holds a blank or what no header carries';
    return not('DIAGNOSTICS_TOKEN_UNSENDABLE', seen, fix);
  }
  const { protocol, hostname } = new URL(origin);
  if (protocol === 'http:' && !isLoopbackHost(hostname)) {
    return not('DIAGNOSTICS_NOT_HTTPS', 'is http, so the token was not sent', 'call it by https');
  }
  const headers = { ...options.headers, 'x-diagnostics-token': diagnosticsToken };
  const { status, json } = await ask(`${origin}/diagnostics`, { ...options, headers });
  if (status === 404) {
    const fix = 'set DIAGNOSTICS_TOKEN there, and deploy';
    return not('DIAGNOSTICS_OFF', 'tells nothing of itself (404)', fix);
  }
  if (status === 401) {
    const fix = 'set DIAGNOSTICS_TOKEN here to the value that the deployment has';
    return not('DIAGNOSTICS_TOKEN_WRONG', 'has another token (401)', fix);
  }
  const { data } = diagnosticsShape.safeParse(json);
  if (data === undefined) {
    const fix = 'use the version of this command that was deployed';
    return not(
      'DIAGNOSTICS_UNREADABLE',
      `answers ${status}, and nothing that this version reads`,
      fix,
    );
  }
  return { told: data };
}
