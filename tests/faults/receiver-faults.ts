/** Faults of what the service sends to: mail server, webhook receiver, telemetry receiver. */
import { createFaultyNetwork, type FaultyNetwork } from '../support/faulty-network.js';
import { startOtlpReceiver, type OtlpReceiver } from '../support/otlp-receiver.js';
import { until } from '../support/until.js';
import type { Fault, FaultList } from './fault.js';

export const receiverFaults: FaultList = [
  hangingMailServer(),
  hangingWebhookReceiver(),
  tricklingTelemetry(),
];

function hangingMailServer(): Fault {
  let relay: FaultyNetwork | undefined;
  const hang = () => {
    relay?.freeze();
    return Promise.resolve(() => relay?.heal());
  };
  return {
    name: 'Mail server accepts and never answers',
    users: 'mails arrive late',
    todo: 'see the [reasons](features/mail.md#reasons); mails wait in the outbox',
    fails: 'nothing',
    causes: [],
    reports: {
      name: '`mail not sent yet`, `timed_out`',
      matches: ({ msg, reason, fix }) =>
        msg === 'mail not sent yet' && reason === 'timed_out' && typeof fix === 'string',
    },
    async setUp({ mailServer }) {
      const started = (relay = await createFaultyNetwork(mailServer.url));
      return { env: { SMTP_URL: started.url }, tearDown: () => started.close() };
    },
    begin: hang,
    async catchUp({ cluster, mailServer }, requestIds) {
      const written = await cluster.query<{ id: string }>(
        'select id from mail_outbox where request_id = any($1)',
        [requestIds],
      );
      const isHere = ({ id }: { id: string }) =>
        mailServer.mails.some(({ messageId }) => messageId === `<${id}@example.com>`);
      await until(() => written.length > 0 && written.every(isHere));
    },
  };
}

function hangingWebhookReceiver(): Fault {
  return {
    name: 'Webhook receiver accepts and never answers',
    users: 'nothing',
    todo: 'see the [reasons](features/webhooks.md#when-one-is-not-delivered); events wait, in the order of each user',
    fails: 'nothing',
    causes: [],
    reports: {
      name: '`webhook not delivered`, `timed_out`',
      matches: ({ msg, reason, fix }) =>
        msg === 'webhook not delivered' && reason === 'timed_out' && typeof fix === 'string',
    },
    begin({ webhookReceiver }) {
      webhookReceiver.answer = 'hang';
      return Promise.resolve(() => {
        webhookReceiver.answer = 200;
      });
    },
    async catchUp({ cluster }, requestIds) {
      await until(async () => {
        const rows = await cluster.query<{ state: string }>(
          `select state from webhook_delivery where payload->'data'->>'requestId' = any($1)`,
          [requestIds],
        );
        return rows.length > 0 && rows.every(({ state }) => state === 'sent');
      });
    },
  };
}

function tricklingTelemetry(): Fault {
  let receiver: OtlpReceiver | undefined;
  return {
    name: 'Telemetry receiver trickles its answers',
    users: 'nothing',
    todo: 'see [telemetry](features/telemetry.md); traces of that time are lost',
    fails: 'nothing',
    causes: [],
    reports: {
      name: '`TELEMETRY_NOT_EXPORTED`',
      matches: ({ code, variable }) =>
        code === 'TELEMETRY_NOT_EXPORTED' && variable === 'OTEL_EXPORTER_OTLP_ENDPOINT',
    },
    async setUp() {
      const started = (receiver = await startOtlpReceiver());
      return {
        env: { OTEL_EXPORTER_OTLP_ENDPOINT: started.url },
        tearDown: () => started.stop(),
      };
    },
    begin() {
      receiver?.misbehave(({ socket }) => {
        socket.write('HTTP/1.1 200 OK\r\nx-slow: ');
        const timer = setInterval(() => socket.write('a'), 200);
        socket.once('close', () => clearInterval(timer));
      });
      return Promise.resolve(() => receiver?.misbehave(undefined));
    },
  };
}
