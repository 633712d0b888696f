/** The first commands to try: sign up, check the session, sign out; and where mails arrive. */
import type { DevPart } from '../features/dev-part.js';

/**
 * Each sends Origin, which is required if the cookie jar already has a session cookie. The e-mail address differs for
 * each sign-up in shells that support RANDOM.
 * @param baseUrl URL of the service
 * @param parts what only development has
 */
export function firstCommands(
  baseUrl: string,
  parts: readonly Pick<DevPart, 'page' | 'commands'>[],
): string {
  const json = "-H 'content-type: application/json'";
  const body = `{"name":"Ada","email":"ada'$RANDOM'@example.com","password":"correct horse battery"}`;
  const origin = `-H 'origin: ${baseUrl}'`;
  return `
Ready at ${baseUrl}. Try:

  curl -c jar -b jar ${origin} ${json} -d '${body}' ${baseUrl}/api/auth/sign-up/email
  curl -b jar ${baseUrl}/session
  curl -c jar -b jar ${origin} ${json} -d '{}' ${baseUrl}/api/auth/sign-out
${parts.map(({ page, commands = '' }) => `\n${page ? `${page.title} ${baseUrl}${page.path}\n` : ''}${commands}`).join('')}
`;
}
