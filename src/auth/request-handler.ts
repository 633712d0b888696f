/**
 * BetterAuth's request handler with its router built once. The stock handler (better-auth/dist/auth/base.mjs) builds the
 * router and wraps each of its endpoints anew for every request.
 */
import { runWithAdapter } from '@better-auth/core/context';
import type { AuthContext, BetterAuthOptions } from 'better-auth';
import { router } from 'better-auth/api';

/** What is used of the object that `betterAuth()` returns. */
export interface StockAuth {
  readonly handler: (request: Request) => Promise<Response>;
  readonly options: BetterAuthOptions;
  readonly $context: Promise<AuthContext>;
}

type Handle = (request: Request) => Promise<Response>;

/**
 * Responds as `auth.handler` does. What the stock handler derives from a request is the trusted origins and providers
 * where an option computes them, and the base URL where none is set: then it is used itself.
 */
export function createRequestHandler(auth: StockAuth): Handle {
  let ready: Promise<Handle> | undefined;
  return async function handleRequest(request) {
    ready ??= auth.$context.then((context) =>
      dependsOnRequest(context.options) ? auth.handler : handlerFor(context, auth.options),
    );
    const handle = await ready;
    return handle(request);
  };
}

function dependsOnRequest({ baseURL, trustedOrigins, account }: BetterAuthOptions): boolean {
  return (
    typeof baseURL !== 'string' ||
    typeof trustedOrigins === 'function' ||
    typeof account?.accountLinking?.trustedProviders === 'function'
  );
}

/** All requests share the context: BetterAuth copies it before it adds to it, which a test verifies. */
function handlerFor(context: AuthContext, options: BetterAuthOptions): Handle {
  const { handler } = router(context, options);
  return async (request) => runWithAdapter(context.adapter, () => handler(request));
}
