/** Calls that the service answers once more with a captcha are repeated with its solution. */

type Fetch = typeof globalThis.fetch;

/** The rest is loaded when it is needed: it would add to every page otherwise. */
export function withCaptcha(fetch: Fetch): Fetch {
  return async function fetchWithCaptcha(input, init) {
    const response = await fetch(input, init);
    if (response.status !== 403) return response;
    const { repeatWithCaptcha } = await import('./repeat-with-captcha.js');
    return repeatWithCaptcha(response, (headers) => fetch(input, { ...init, headers }), init);
  };
}
