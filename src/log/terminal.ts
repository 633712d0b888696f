/** Standard output for the log: readable in a terminal, JSON elsewhere, unless `LOG_FORMAT` is set. */
import { batchedOutput, type LogOutput } from './batched-output.js';
import { logFormats } from './log-formats.js';
import { createPretty } from './pretty.js';

/** @param environment read directly, because a refused configuration is logged in this format too */
export function standardOutput(
  environment: Readonly<Record<string, string | undefined>>,
): LogOutput {
  const { stdout } = process;
  const requested = logFormats.find((format) => format === environment.LOG_FORMAT);
  const isPretty = (requested ?? (stdout.isTTY ? 'pretty' : 'json')) === 'pretty';
  const output = batchedOutput();
  if (!isPretty) return output;
  const { NO_COLOR: noColor = '' } = environment; // no-color.org: any non-empty value
  const pretty = createPretty({ isColored: stdout.isTTY && noColor === '' });
  return { write: (line) => output.write(pretty(line)), flush: (done) => output.flush(done) };
}
