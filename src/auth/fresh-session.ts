/** Which endpoints need a session younger than a day (ASVS 7.5.1): those that change an account without its password. */

/**
 * To merge into the context of BetterAuth's `/list-sessions`, which asks for a fresh session to read what changes
 * nothing: a visitor who looks for a foreign session would be sent away. 0 asks for none.
 */
export const withoutFreshness = { context: { sessionConfig: { freshAge: 0 } } };
