import { expect, test } from 'vitest';
import { startTestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

const paths = ['/health', '/session', '/api/auth/get-session', '/nothing', '/api/auth/%E0%A4%A'];
const header = 'strict-transport-security';

test('over https every response has Strict-Transport-Security for a year', async () => {
  const service = await startTestService({
    env: {
      BETTER_AUTH_URL: 'https://auth.example.com',
      BETTER_AUTH_TRUSTED_ORIGINS: 'https://docs.example.com',
    },
  });
  const visitor = new Visitor(service, 'https://docs.example.com');
  const values = [];
  for (const path of paths) values.push((await visitor.ask(path)).headers.get(header));
  await service.stop();
  expect(values).toEqual(paths.map(() => 'max-age=31536000'));
});

test('over http no response has it, because browsers ignore it there', async () => {
  const service = await startTestService();
  const visitor = new Visitor(service);
  const values = [];
  for (const path of paths) values.push((await visitor.ask(path)).headers.get(header));
  await service.stop();
  expect(values).toEqual(paths.map(() => null));
});
