/** Only the service's password hash, 8 concurrently, for the number of seconds given as argument. */
import { hashPassword } from '../../src/auth/password.js';

const concurrency = 8;
const seconds = Number(process.argv[2]);

async function hashFor(milliseconds: number): Promise<number> {
  let count = 0;
  const startedAt = performance.now();
  const hashRepeatedly = async () => {
    while (performance.now() - startedAt < milliseconds) {
      await hashPassword('correct horse battery staple');
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, hashRepeatedly));
  return count / ((performance.now() - startedAt) / 1000);
}

await hashFor(500); // warm-up: creates the threads and allocates their memory
process.stdout.write(String(await hashFor(seconds * 1000)));
