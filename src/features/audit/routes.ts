/** The audit feature's part of the request pipeline. */
import { responseSent } from '../../http/after-response.js';
import type { Route } from '../../http/route.js';
import type { FeatureServices } from '../slots.js';
import { observeRequests } from './observe-requests.js';

export function createRoutes(
  _settings: object,
  { audit, auth, config, waitUntil }: FeatureServices,
): readonly Route[] {
  if (audit === undefined) return [];
  const observer = observeRequests({
    trail: audit,
    auth,
    clientIpHeader: config.clientIpHeader,
    afterResponse(res, work) {
      const done = responseSent(res).then(work);
      waitUntil?.(done);
    },
  });
  return [{ stage: 'observe', handlers: [observer] }];
}
