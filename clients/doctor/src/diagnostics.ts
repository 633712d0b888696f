/** Reads a deployment's /diagnostics, which a valid DIAGNOSTICS_TOKEN opens. Fields not listed here are ignored. */
import { z } from 'zod';
import type { DoctorContext } from './doctor-context.js';
import { unknown, type Finding } from './finding.js';
import type { RequestOptions } from './http-client.js';
import { isLoopbackHost } from './service.js';

const startupFinding = z.object({
  level: z.enum(['error', 'warn', 'info']),
  code: z.string(),
  variable: z.string(),
  message: z.string(),
  fix: z.string(),
});

const diagnosticsSchema = z.object({
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
  /** Missing where no mail transport is configured, and in versions without mail. */
  mail: z
    .object({
      senderDomain: z.string(),
      outbox: z.array(
        z.object({ state: z.string(), reason: z.string().nullable(), count: z.number() }),
      ),
      recent: z.array(
        z.object({
          requestId: z.string().nullable(),
          state: z.string(),
          reason: z.string().nullable(),
          attempts: z.number(),
        }),
      ),
    })
    .optional(),
});

export type Diagnostics = z.infer<typeof diagnosticsSchema>;

/** @returns the report, or a finding that explains why it could not be read */
export async function readDiagnostics(
  { request, diagnosticsToken }: Pick<DoctorContext, 'request' | 'diagnosticsToken'>,
  origin: string,
  options: RequestOptions = {},
): Promise<{ report: Diagnostics } | { finding: Finding }> {
  const failure = (code: string, problem: string, fix: string) => ({
    finding: unknown(code, { message: `${origin}/diagnostics ${problem}`, fix }),
  });
  if (diagnosticsToken === undefined) {
    const fix = "set DIAGNOSTICS_TOKEN in this command's environment to the deployment's value";
    return failure('DIAGNOSTICS_TOKEN_MISSING', 'was not requested: no token is set', fix);
  }
  if (!/^[\x21-\x7e]+$/.test(diagnosticsToken)) {
    const fix =
      "set DIAGNOSTICS_TOKEN in this command's environment to exactly the deployment's value";
    const problem =
      'was not requested: the token contains a space or a character that HTTP headers do not allow';
    return failure('DIAGNOSTICS_TOKEN_UNSENDABLE', problem, fix);
  }
  const { protocol, hostname } = new URL(origin);
  if (protocol === 'http:' && !isLoopbackHost(hostname)) {
    const problem = 'was not requested: the token is not sent over http';
    return failure('DIAGNOSTICS_NOT_HTTPS', problem, 'use the https URL');
  }
  const headers = { ...options.headers, 'x-diagnostics-token': diagnosticsToken };
  const { status, json } = await request(`${origin}/diagnostics`, { ...options, headers });
  if (status === 404) {
    const fix = 'set DIAGNOSTICS_TOKEN on the deployment and redeploy';
    return failure('DIAGNOSTICS_OFF', 'is switched off (404)', fix);
  }
  if (status === 401) {
    const fix = "set DIAGNOSTICS_TOKEN in this command's environment to the deployment's value";
    return failure('DIAGNOSTICS_TOKEN_WRONG', 'rejected the token (401)', fix);
  }
  const { data } = diagnosticsSchema.safeParse(json);
  if (data === undefined) {
    const fix = "use this command in the deployment's version";
    const problem = `responded ${status} in a format this version does not understand`;
    return failure('DIAGNOSTICS_UNREADABLE', problem, fix);
  }
  return { report: data };
}
