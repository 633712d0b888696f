/** Prints `export NAME='value'` lines for a shell that switch every feature on. */
import { everyFeatureWithoutRedis } from '../tests/support/every-feature.js';

for (const [name, value] of Object.entries(everyFeatureWithoutRedis)) {
  process.stdout.write(`export ${name}='${value.replaceAll("'", "'\\''")}'\n`);
}
