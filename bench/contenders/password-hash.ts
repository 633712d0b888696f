/**
 * Only the service's password hash, 8 concurrently, for the number of seconds given as argument. Prints hashes per second
 * and CPU seconds per 1,000 as JSON.
 */
import { hashPassword } from '../../src/auth/password.js';

const concurrency = 8;
const seconds = Number(process.argv[2]);

async function hashFor(milliseconds: number): Promise<object> {
  let count = 0;
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  const hashRepeatedly = async () => {
    while (performance.now() - startedAt < milliseconds) {
      await hashPassword('correct horse battery staple');
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, hashRepeatedly));
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    value: count / ((performance.now() - startedAt) / 1000),
    cpuSecondsPer1000: (user + system) / 1000 / count,
  };
}

await hashFor(500); // warm-up: creates the threads and allocates their memory
process.stdout.write(JSON.stringify(await hashFor(seconds * 1000)));
