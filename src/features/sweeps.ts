/** What the hourly sweep deletes from the tables of features: one line each. The column has an index. */
import { sweep as mailSweep } from './mail/sweep.js';

export const featureSweeps = [mailSweep] as const;
