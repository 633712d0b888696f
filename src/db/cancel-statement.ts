/**
 * Cancels the statement that a connection is running (PostgreSQL 18, protocol-flow, "Canceling Requests in Progress").
 * Closing the connection is not enough: the server only notices when it has a result to send, and until then the
 * statement keeps running and holds its locks. PgBouncer and Neon's proxy forward the request.
 */
import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';

/** The driver's data about its own connection. */
export interface RunningStatement {
  readonly host: string;
  readonly port: number;
  /** The driver's option: false for no TLS, true for TLS with Node's defaults. */
  readonly ssl: boolean | ConnectionOptions;
  /** BackendKeyData, sent by the server when the connection is established; null before that. */
  readonly processID: number | null;
  readonly secretKey: number | null;
}

/** After this time the connection is closed anyway. */
const cancelTimeoutMs = 1_000;

/** Resolves when the server has accepted the request, or after one second; never rejects. The request may be too late. */
export async function cancelStatement(statement: RunningStatement): Promise<void> {
  const { processID, secretKey } = statement;
  if (processID === null || secretKey === null) return;
  const signal = AbortSignal.timeout(cancelTimeoutMs);
  let socket: Socket | undefined;
  try {
    socket = connect(statement.port, statement.host);
    await once(socket, 'connect', { signal });
    if (statement.ssl !== false) socket = await startTls(socket, statement, signal);
    // The server responds by closing the connection; PgBouncer drops the request if the client closes first.
    const closed = once(socket, 'close', { signal });
    socket.resume().write(cancelRequest(processID, secretKey));
    await closed;
  } catch {
    // Best effort: the statement then runs to completion, as it would have without the request.
  } finally {
    socket?.on('error', () => undefined).destroy();
  }
}

/** TLS, because the key is a secret: anyone who has it can cancel this connection's statements. */
async function startTls(
  socket: Socket,
  { host, ssl }: RunningStatement,
  signal: AbortSignal,
): Promise<Socket> {
  socket.write(message(sslRequestCode));
  const [response] = (await once(socket, 'data', { signal })) as [Buffer];
  if (response.toString() !== 'S') throw new Error('the server does not support TLS');
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

/** A message without a type byte: its length including the length field, then 32-bit integers. */
function message(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * values.length);
  bytes.writeInt32BE(bytes.length, 0);
  values.forEach((value, index) => bytes.writeInt32BE(value, 4 + 4 * index));
  return bytes;
}
