/** The production server as its own process, with everything around it that can fail. */
import { startServer, type ServiceProcess } from '../support/child-process.js';
import { createFaultyNetwork, type FaultyNetwork } from '../support/faulty-network.js';
import { startMailServer, type MailServer } from '../support/mail-server.js';
import { testEnvironment, type LogLine } from '../support/test-service.js';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.js';
import { startCluster, type Cluster } from './cluster.js';

export type Variables = Readonly<Record<string, string>>;

export interface System {
  readonly cluster: Cluster;
  /** Between the server and the database; only faults of the network use it. */
  readonly network: FaultyNetwork;
  readonly mailServer: MailServer;
  readonly webhookReceiver: WebhookReceiver;
  /** Starts the server with the addresses of all this, and waits until it has reported its start. */
  start(env?: Variables, launcher?: readonly string[]): Promise<Server>;
  /** All that were started since the last `forget`. */
  readonly servers: () => readonly Server[];
  forget(): void;
  stop(): Promise<void>;
}

export interface Server {
  readonly url: string;
  readonly process: ServiceProcess;
  /** Forgets the lines so far. */
  mark(): void;
  /** Since `mark`, or since it has reported its start. */
  readonly lines: () => readonly LogLine[];
}

export const webhookSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** One for a file: each fault starts its own server in it. */
export async function startSystem(): Promise<System> {
  const cluster = await startCluster();
  const network = await createFaultyNetwork(cluster.url);
  const mailServer = await startMailServer();
  const webhookReceiver = await startWebhookReceiver();
  let servers: Server[] = [];
  return {
    servers: () => servers,
    forget: () => void (servers = []),
    cluster,
    network,
    mailServer,
    webhookReceiver,
    async start(env = {}, launcher = []) {
      const process = startServer(
        {
          ...(testEnvironment as Variables),
          DATABASE_URL: cluster.url,
          PORT: '0',
          SMTP_URL: mailServer.url,
          MAIL_FROM: 'auth@example.com',
          WEBHOOK_URLS: webhookReceiver.url,
          WEBHOOK_SECRET: webhookSecret,
          ...env,
        },
        launcher,
      );
      const { port } = await process.logLine(({ msg }) => msg === 'listening');
      await process.logLine(({ msg }) => msg === 'startup');
      let from = process.logLines().length;
      const server: Server = {
        url: `http://127.0.0.1:${port as number}`,
        process,
        mark: () => void (from = process.logLines().length),
        lines: () => process.logLines().slice(from),
      };
      servers.push(server);
      return server;
    },
    async stop() {
      await network.close();
      await mailServer.stop();
      webhookReceiver.close();
      await cluster.remove();
    },
  };
}
