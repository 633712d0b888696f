/** Prints `export NAME='value'` lines for a shell that switch every feature on. */
import { everyFeatureOn } from '../tests/support/every-feature.js';

for (const [name, value] of Object.entries(everyFeatureOn)) {
  process.stdout.write(`export ${name}='${value.replaceAll("'", "'\\''")}'\n`);
}
