/** What each route of the API does: types only, because the functions load with the first call. */
import type { ApiRouteName } from './api-routes.js';
import type { Call } from './call.js';

export type Handlers = Readonly<
  Omit<Record<ApiRouteName, (call: Call) => Promise<object>>, 'countEvents'> & {
    /** The same for every operator. */
    countEvents: (call: Pick<Call, 'input'>) => Promise<object>;
    /** Of the user, for an operator who is about to act. Has no route. */
    showEmail: (call: Call) => Promise<{ readonly email: string }>;
  }
>;
