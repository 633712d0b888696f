/** The command refused to do it; the message says why, and is for the operator. */
export class CommandRefusedError extends Error {
  override readonly name: string = 'CommandRefusedError';
}
