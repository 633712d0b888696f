/** Roles of a user, stored as a comma-separated list, as BetterAuth's admin plugin and the FastAPI client read it. */

/** The role of operators: the only one that means something to this service. */
export const adminRole = 'admin';

/** A role is one word, such as `editor`. */
export const rolePattern = /^[a-z][a-z0-9_-]{0,31}$/;

export function rolesOf(stored: string | null | undefined): string[] {
  return (stored ?? '').split(',').flatMap((role) => role.trim() || []);
}

export function hasRole(stored: string | null | undefined, role: string): boolean {
  return rolesOf(stored).includes(role);
}

/** @returns the list as it is stored, or null if it is empty */
export function joinRoles(roles: readonly string[]): string | null {
  return roles.length === 0 ? null : [...new Set(roles)].sort().join(',');
}
