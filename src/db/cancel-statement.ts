/**
 * Asks the server to give up the statement that a connection is running (PostgreSQL 18, protocol-flow, "Canceling
 * Requests in Progress"). Needed because a server notices a closed connection only when it has an answer to send:
 * until then the statement runs on and holds its locks. PgBouncer and Neon's proxy pass the request on.
 */
import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';

/** What the driver knows of its own connection. */
export interface RunningStatement {
  readonly host: string;
  readonly port: number;
  /** As the driver holds it: false for none, true for TLS with Node's defaults. */
  readonly ssl: boolean | ConnectionOptions;
  /** BackendKeyData, which the server gave at the start; null before. */
  readonly processID: number | null;
  readonly secretKey: number | null;
}

/** Beyond it the connection is closed all the same. */
const cancelTimeoutMs = 1_000;

/** Settles when the server has taken the request, or after a second; never rejects. It may come too late. */
export async function cancelStatement(statement: RunningStatement): Promise<void> {
  const { processID, secretKey } = statement;
  if (processID === null || secretKey === null) return;
  const signal = AbortSignal.timeout(cancelTimeoutMs);
  let socket: Socket | undefined;
  try {
    socket = connect(statement.port, statement.host);
    await once(socket, 'connect', { signal });
    if (statement.ssl !== false) socket = await startTls(socket, statement, signal);
    // The server answers by closing; PgBouncer passes nothing on for somebody who has closed already.
    const closed = once(socket, 'close', { signal });
    socket.resume().write(cancelRequest(processID, secretKey));
    await closed;
  } catch {
    // The statement runs until it is done, as it would have without the request.
  } finally {
    socket?.on('error', () => undefined).destroy();
  }
}

/** The key is a secret: whoever reads it may cancel what this connection runs. */
async function startTls(
  socket: Socket,
  { host, ssl }: RunningStatement,
  signal: AbortSignal,
): Promise<Socket> {
  socket.write(message(sslRequestCode));
  const [answer] = (await once(socket, 'data', { signal })) as [Buffer];
  if (answer.toString() !== 'S') throw new Error('the server has no TLS');
  const secured = connectTls({
    ...(typeof ssl === 'object' && ssl),
    socket,
    host,
    ...(isIP(host) === 0 && { servername: host }),
  });
  await once(secured, 'secureConnect', { signal }); // rejects where the certificate does not verify
  return secured;
}

const sslRequestCode = 80_877_103;
const cancelRequestCode = 80_877_102;

function cancelRequest(processID: number, secretKey: number): Buffer {
  return message(cancelRequestCode, processID, secretKey);
}

/** A message without a type byte: its length with itself, then 32-bit integers. */
function message(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * values.length);
  bytes.writeInt32BE(bytes.length, 0);
  values.forEach((value, index) => bytes.writeInt32BE(value, 4 + 4 * index));
  return bytes;
}
