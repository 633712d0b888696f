/** The storage of Dev ID: gone with the process. */
import type { Adapter, AdapterConstructor, AdapterPayload } from 'oidc-provider';

interface Entry {
  readonly payload: AdapterPayload;
  readonly expiresAt: number;
}

export function createMemoryAdapter(): AdapterConstructor {
  const entries = new Map<string, Entry>();
  const find = (matches: (key: string, payload: AdapterPayload) => boolean) => {
    for (const [key, { payload, expiresAt }] of entries) {
      if (expiresAt > Date.now() && matches(key, payload)) return payload;
    }
    return undefined;
  };

  return class MemoryAdapter implements Adapter {
    constructor(private readonly model: string) {}

    private key(id: string): string {
      return `${this.model}:${id}`;
    }

    upsert(id: string, payload: AdapterPayload, expiresIn: number): Promise<void> {
      const expiresAt = Date.now() + (expiresIn || 3600) * 1000;
      entries.set(this.key(id), { payload, expiresAt });
      return Promise.resolve();
    }

    find(id: string): Promise<AdapterPayload | undefined> {
      return Promise.resolve(find((key) => key === this.key(id)));
    }

    findByUid(uid: string): Promise<AdapterPayload | undefined> {
      return Promise.resolve(
        find((key, payload) => key.startsWith(`${this.model}:`) && payload.uid === uid),
      );
    }

    findByUserCode(): Promise<undefined> {
      return Promise.resolve(undefined); // of the device flow, which is off
    }

    consume(id: string): Promise<void> {
      const entry = entries.get(this.key(id));
      if (entry !== undefined) entry.payload.consumed = Math.floor(Date.now() / 1000);
      return Promise.resolve();
    }

    destroy(id: string): Promise<void> {
      entries.delete(this.key(id));
      return Promise.resolve();
    }

    revokeByGrantId(grantId: string): Promise<void> {
      for (const [key, { payload }] of entries) {
        if (payload.grantId === grantId) entries.delete(key);
      }
      return Promise.resolve();
    }
  };
}
