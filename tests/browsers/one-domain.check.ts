/** The textbook with site, auth service and API on three hosts of one registrable domain. */
import { oneDomain } from './system/topology.js';
import { testTextbook } from './textbook.js';

testTextbook(oneDomain);
