/**
 * Finds the database's address so that a name server which does not answer is no outage: it then stays where it was, while
 * TLS still verifies whose certificate is there. A lookup blocks one of the few threads of Node until the resolver gives up,
 * often for ten seconds, so connections that open meanwhile share one.
 */
import { lookup, type LookupAddress } from 'node:dns';
import { Socket, type LookupFunction } from 'node:net';

type Addresses = readonly LookupAddress[];

/** A name server answers in milliseconds. */
const waitMs = 1_000;

const find = (host: string) =>
  new Promise<Addresses>((resolve, reject) => {
    lookup(host, { all: true }, (error, found) => (error ? reject(error) : resolve(found)));
  });

/** @param ask looks a host up; replaced by tests */
export function createHostLookup(ask: (host: string) => Promise<Addresses> = find) {
  const pending = new Map<string, Promise<Addresses>>();
  const known = new Map<string, Addresses>();

  function lookUp(host: string): Promise<Addresses> {
    let asking = pending.get(host);
    if (asking === undefined) {
      asking = ask(host).finally(() => pending.delete(host));
      pending.set(host, asking);
      asking.then(
        (found) => known.set(host, found),
        () => undefined, // each caller handles it
      );
    }
    return asking;
  }

  /** @throws the resolver's error; only if no address is known, or the name server says that there is none */
  async function addressesOf(host: string): Promise<Addresses> {
    const before = known.get(host);
    const asking = lookUp(host);
    if (before === undefined) return asking;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Addresses>((resolve) => {
      timer = setTimeout(() => resolve(before), waitMs);
    });
    return Promise.race([
      asking.catch((error: unknown) => keepIfUnanswered(error, before)),
      late,
    ]).finally(() => clearTimeout(timer));
  }

  const lookupHost: LookupFunction = (host, options, callback) => {
    addressesOf(host).then(
      (found) => {
        const [first] = found;
        if (options.all === true) callback(null, [...found]);
        else callback(null, first?.address ?? '', first?.family);
      },
      (error: unknown) => callback(error as NodeJS.ErrnoException, ''),
    );
  };

  return {
    addressesOf,
    /** A socket for the driver, which calls `connect(port, host)`, or with a path. */
    createSocket: (): Socket => new LookingUpSocket(lookupHost),
  };
}

/** EAI_AGAIN: no name server has answered. Everything else is an answer. */
function keepIfUnanswered(error: unknown, known: Addresses): Addresses {
  if ((error as NodeJS.ErrnoException).code === 'EAI_AGAIN') return known;
  throw error;
}

class LookingUpSocket extends Socket {
  constructor(private readonly lookupHost: LookupFunction) {
    super();
  }

  override connect(...args: unknown[]): this {
    const [port, host] = args;
    if (typeof port === 'number' && typeof host === 'string') {
      return super.connect({ port, host, lookup: this.lookupHost });
    }
    return super.connect(...(args as [string]));
  }
}
