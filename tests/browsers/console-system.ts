/** A service with its console over TLS at `https://localhost`, and an operator with an authenticator app. */
import { freePort } from '../../src/dev/free-port.js';
import { enrol, type App } from '../support/second-factor.js';
import { startMailServer } from '../support/mail-server.js';
import { adminEnv, OperatorBrowser } from '../support/operators.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { startTls } from './system/tls.js';

export interface ConsoleSystem {
  /** `https://localhost:port`. */
  readonly url: string;
  readonly service: TestService;
  newOperator(): Promise<{ readonly operator: OperatorBrowser; readonly app: App }>;
  newUser(name?: string): Promise<{ readonly user: OperatorBrowser; readonly id: string }>;
  stop(): Promise<void>;
}

export async function startConsole(
  env: Readonly<Record<string, string>> = {},
): Promise<ConsoleSystem> {
  const port = await freePort();
  const url = `https://localhost:${port}`;
  const mailServer = await startMailServer();
  const service = await startTestService({
    env: {
      ...adminEnv,
      ADMIN_IMPERSONATION: 'on',
      ADMIN_IMPERSONATION_NOTICE: 'on',
      PASSKEYS: 'on',
      BETTER_AUTH_URL: url,
      BETTER_AUTH_TRUSTED_ORIGINS: url,
      SITE_PAGES: `${url}/auth/confirm`,
      SMTP_URL: mailServer.url,
      MAIL_FROM: 'Example <auth@example.com>',
      RATE_LIMIT_SIGN_IN_PER_ADDRESS: '1000/10s', // all browsers have one address
      ...env,
    },
  });
  const tls = await startTls(port, service.url);
  const signedUp = async () => {
    const visitor = new OperatorBrowser(service, url);
    await visitor.signUp();
    return visitor;
  };
  return {
    url,
    service,
    async newOperator() {
      const operator = await signedUp();
      const app = await enrol(service, operator);
      const sql = `update "user" set role = 'admin' where email = $1`;
      await service.database.query(sql, [operator.email]);
      return { operator, app };
    },
    async newUser(name) {
      const user = await signedUp();
      const id = await user.userId();
      if (name !== undefined)
        await service.database.query('update "user" set name = $1 where id = $2', [name, id]);
      return { user, id };
    },
    async stop() {
      tls.closeAllConnections();
      tls.close();
      await service.stop();
      await mailServer.stop();
    },
  };
}
