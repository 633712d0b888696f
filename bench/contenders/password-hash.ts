/** The service's password hash and nothing else, 8 at once, for as many seconds as the argument says. */
import { hashPassword } from '../../src/auth/password.js';

const atOnce = 8;
const seconds = Number(process.argv[2]);

async function hashFor(milliseconds: number): Promise<number> {
  let count = 0;
  const startedAt = performance.now();
  const hashOnAndOn = async () => {
    while (performance.now() - startedAt < milliseconds) {
      await hashPassword('correct horse battery staple');
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, hashOnAndOn));
  return count / ((performance.now() - startedAt) / 1000);
}

await hashFor(500); // the threads are there and their memory is touched
process.stdout.write(String(await hashFor(seconds * 1000)));
