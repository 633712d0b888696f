/** What the hourly sweep deletes from the tables of features: one line each. The column has an index. */
import { sweep as mailSweep } from './mail/sweep.js';
import { sweep as challengeSweep } from './passkeys/sweep.js';
import { sweep as redirectSweep } from './redirect-sign-in/sweep.js';
import { sweep as deviceSweep } from './security-notices/sweep.js';

export const featureSweeps = [mailSweep, challengeSweep, redirectSweep, deviceSweep] as const;
