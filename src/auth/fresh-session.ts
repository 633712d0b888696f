/** Session freshness (ASVS 7.5.1): endpoints that change an account without its password require a session younger than a day. */

/**
 * Merged into the context of BetterAuth's `/list-sessions`, which requires a fresh session although it changes nothing: it
 * would reject users who look for unknown sessions. 0 disables the requirement.
 */
export const withoutFreshness = { context: { sessionConfig: { freshAge: 0 } } };
