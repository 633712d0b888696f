/** For commands: whoever read their output has left (`| head`). They go on with what they do, and end as they would. */

/** Without a listener the stream's EPIPE would end the process with a stack, in the middle of its work. */
export function ignoreClosedOutput(): void {
  for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
}
