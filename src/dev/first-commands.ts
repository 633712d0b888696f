/** What a newcomer types first: sign up, be recognised, sign out. */

/**
 * Each sends Origin, because a jar may hold a cookie from before; the address is another with each sign-up, where the
 * shell has RANDOM.
 * @param baseUrl where the service listens
 */
export function firstCommands(baseUrl: string): string {
  const json = "-H 'content-type: application/json'";
  const body = `{"name":"Ada","email":"ada'$RANDOM'@example.com","password":"correct horse battery"}`;
  const origin = `-H 'origin: ${baseUrl}'`;
  return `
Ready at ${baseUrl}. Try:

  curl -c jar -b jar ${origin} ${json} -d '${body}' ${baseUrl}/api/auth/sign-up/email
  curl -b jar ${baseUrl}/session
  curl -c jar -b jar ${origin} ${json} -d '{}' ${baseUrl}/api/auth/sign-out

`;
}
