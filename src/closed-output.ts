/** For commands: continue and exit normally if the reader of the output has closed the pipe (`| head`). */

/** Without a listener the stream's EPIPE error would crash the process in the middle of its work. */
export function ignoreClosedOutput(): void {
  for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
}
