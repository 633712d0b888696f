/** Where lines go: readable in a terminal, JSON everywhere else, unless `LOG_FORMAT` is set. */
import { batchedOutput, type LogOutput } from './batched-output.js';
import { logFormats } from './log-formats.js';
import { createPretty } from './pretty.js';

/** @param environment read here because a refused configuration is told in this format, too */
export function standardOutput(
  environment: Readonly<Record<string, string | undefined>>,
): LogOutput {
  const { stdout } = process;
  const asked = logFormats.find((format) => format === environment.LOG_FORMAT);
  const isPretty = (asked ?? (stdout.isTTY ? 'pretty' : 'json')) === 'pretty';
  const output = batchedOutput();
  if (!isPretty) return output;
  const { NO_COLOR: noColor = '' } = environment; // no-color.org: set to anything but nothing
  const pretty = createPretty({ isColored: stdout.isTTY && noColor === '' });
  return { write: (line) => output.write(pretty(line)), flush: (done) => output.flush(done) };
}
