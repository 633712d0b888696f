/** The route that handled a request, as metrics and traces name it. */
import { authBasePath } from '../auth/auth-constants.js';
import type { Auth } from '../auth/create-auth.js';
import { pathOf, type MiddlewareRequest } from './middleware.js';

/** A bounded set, because each value becomes a time series: the route's pattern, `other` if none matched. */
export async function routePatternOf(
  req: MiddlewareRequest,
  auth: Pick<Auth, 'findEndpoint'>,
): Promise<string> {
  const route = req.route?.path;
  if (route === undefined) return 'other';
  if (!route.startsWith(authBasePath)) return route;
  const endpoint = await auth.findEndpoint(pathOf(req)).catch(() => undefined);
  return `${authBasePath}${endpoint ?? '/other'}`;
}
