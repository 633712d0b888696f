/** A receiver that mirrors users learns of imported ones. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { spawnSource } from '../../support/spawned.js';
import { startTestService } from '../../support/test-service.js';
import { startWebhookReceiver } from '../../support/webhook-receiver.js';

test(
  'each imported user is one user.created, and one who was skipped is none',
  { timeout: 120_000 },
  async () => {
    const receiver = await startWebhookReceiver();
    const webhooks = {
      WEBHOOK_URLS: receiver.url,
      WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    };
    const service = await startTestService({ env: webhooks });
    const folder = await mkdtemp(join(tmpdir(), 'import-'));
    const rows = () =>
      service.database.query('select event_id, user_id from webhook_delivery order by sequence');
    try {
      const file = join(folder, 'users.ndjson');
      const emails = ['one@import.example', 'two@import.example'];
      await writeFile(file, emails.map((email) => JSON.stringify({ email })).join('\n'));
      const run = async (env: Readonly<Record<string, string>>, ...more: string[]) => {
        const variables = { DATABASE_URL: service.database.url, ...env };
        const args = ['--from', 'generic', file, ...more];
        const command = spawnSource('operator/import.ts', variables, args);
        expect([await command.exit, command.stderr()]).toEqual([0, expect.anything()]);
      };
      await run(webhooks, '--dry-run');
      expect(await rows()).toEqual([]);
      await run(webhooks, '--yes');
      const imported = await service.database.query(
        `select id as event_id, user_id from audit_event where kind = 'import' order by user_id`,
      );
      expect(imported).toHaveLength(2);
      expect(await rows()).toEqual(expect.arrayContaining(imported));
      await run(webhooks, '--yes');
      expect(await rows()).toHaveLength(2);
      await service.outboxes[0]?.sendDue();
      const received = await receiver.waitFor(2);
      for (const { type, body } of received) {
        expect(type).toBe('user.created');
        expect(JSON.parse(body)).toMatchObject({
          data: { actor: 'operator', details: { source: 'generic' } },
        });
        expect(body).not.toContain('import.example');
      }
      await writeFile(file, JSON.stringify({ email: 'three@import.example' }));
      await run({}, '--yes');
      expect(await rows()).toHaveLength(2);
    } finally {
      await service.stop();
      receiver.close();
      await rm(folder, { recursive: true });
    }
  },
);
