/** In place of src/auth/address-limit.ts: no request is counted or refused. */
export function limitAddresses() {
  return { enabled: false, storage: 'database' } as const;
}
