/** The textbook with site, auth service and API on three registrable domains. */
import { threeDomains } from './system/topology.js';
import { testTextbook } from './textbook.js';

testTextbook(threeDomains);
