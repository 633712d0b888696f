/** Where a request comes from, as the audit trail describes it. */
import type { IncomingMessage } from 'node:http';
import type { AuditClient } from '../audit.js';
import { clientIp } from './client-ip.js';

export function auditClientOf(
  req: IncomingMessage,
  clientIpHeader: string | undefined,
): AuditClient {
  const { 'user-agent': userAgent, origin } = req.headers;
  return { address: clientIp(req, clientIpHeader), userAgent, origin };
}
